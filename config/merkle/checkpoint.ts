import { fromBase64 } from './base64.ts';
import { HASH_BYTES } from './hashes.ts';
import type { NoteKey, NoteSigner } from './note-keys.ts';
import type { TreeHead } from './proofs.ts';
import { type OpenedNote, openNote } from './signed-note.ts';

/**
 * What the log was at a size, for somebody to sign (https://c2sp.org/tlog-checkpoint).
 *
 * The extension lines say how the events up to there are to be read: `avro-schema <id> <base64>`, the SHA-256 of
 * the Parsing Canonical Form of each schema that an event names by its id. Without them a signature would cover
 * bytes, and not what the bytes mean.
 */
export interface Checkpoint extends TreeHead {
  /** Identifies the log; the name of the key that signs it. */
  readonly origin: string;
  /** By schema id. */
  readonly schemas: ReadonlyMap<number, Buffer>;
}

export type OpenedCheckpoint =
  | { readonly kind: 'signed'; readonly checkpoint: Checkpoint; readonly by: NoteKey }
  | Extract<OpenedNote, { kind: 'refused' }>;

export function signCheckpoint(signer: NoteSigner, checkpoint: Omit<Checkpoint, 'origin'>): string {
  const schemas = [...checkpoint.schemas].sort(([a], [b]) => a - b);
  const lines = [
    signer.key.name,
    String(checkpoint.size),
    checkpoint.root.toString('base64'),
    ...schemas.map(([id, fingerprint]) => `avro-schema ${id} ${fingerprint.toString('base64')}`),
  ];
  return signer.sign(`${lines.join('\n')}\n`);
}

/** What a signed note says, if one of the keys signed it and it is a checkpoint of the log that key belongs to. */
export function openCheckpoint(note: string, keys: readonly NoteKey[]): OpenedCheckpoint {
  const opened = openNote(note, keys);
  if (opened.kind === 'refused') return opened;
  const checkpoint = parse(opened.text);
  return checkpoint?.origin === opened.by.name
    ? { kind: 'signed', checkpoint, by: opened.by }
    : { kind: 'refused', why: 'malformed' };
}

const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const SCHEMA = /^avro-schema ([0-9]{1,10}) ([A-Za-z0-9+/]{43}=)$/;

function parse(text: string): Checkpoint | undefined {
  const [origin = '', size = '', encodedRoot = '', ...extensions] = text.slice(0, -1).split('\n');
  const root = fromBase64(encodedRoot);
  if (origin === '' || !SIZE.test(size) || root?.length !== HASH_BYTES) return undefined;
  if (extensions.includes('') || !Number.isSafeInteger(Number(size))) return undefined;
  const schemas = new Map<number, Buffer>();
  for (const line of extensions) {
    const [, id, encoded = ''] = SCHEMA.exec(line) ?? [];
    const fingerprint = fromBase64(encoded);
    if (id !== undefined && fingerprint !== undefined) schemas.set(Number(id), fingerprint);
  }
  return { origin, size: Number(size), root, schemas };
}
