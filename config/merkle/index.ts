/** The Merkle tree over the configuration's events, what is signed of it, and how both are checked. */
export { fromBase64 } from './base64.ts';
export { type Checkpoint, type OpenedCheckpoint, openCheckpoint, signCheckpoint } from './checkpoint.ts';
export { diagnose, type Fault, unprovenLeaves, type Witness } from './diagnose.ts';
export { EventTree, type ReadEvent } from './event-tree.ts';
export { HASH_BYTES, leafHash, nodeHash } from './hashes.ts';
export { MerkleTree } from './merkle-tree.ts';
export {
  isKeyName,
  type NoteKey,
  type NoteSigner,
  parseNoteKey,
  parseNoteSigner,
  writeNoteSigner,
} from './note-keys.ts';
export { type TreeHead, verifyConsistency, verifyInclusion } from './proofs.ts';
export { type OpenedNote, openNote } from './signed-note.ts';
export { type Evidence, type Problem, type Verification, verifyLog } from './verify-log.ts';
