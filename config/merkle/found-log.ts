import { leafHash } from './hashes.ts';
import { MerkleTree } from './merkle-tree.ts';

/** The events of a log as somebody found them, in order: what is to be held against the checkpoints. */
export class FoundLog {
  readonly tree = new MerkleTree();
  /** What each event says of itself; undefined for one that cannot be read. */
  readonly sequences: (number | undefined)[] = [];

  get size(): number {
    return this.tree.size;
  }

  /** `record`: the bytes that are hashed. */
  add(record: Buffer, sequence: number | undefined): void {
    this.tree.append(leafHash(record));
    this.sequences.push(sequence);
  }
}
