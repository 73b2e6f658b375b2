import type { Checkpoint } from './checkpoint.ts';
import { leafHash } from './hashes.ts';
import { MerkleTree } from './merkle-tree.ts';

/** What an event says of itself, and the schema that says so. */
export interface ReadEvent {
  readonly sequence: number;
  readonly schemaId: number;
  /** SHA-256 of the schema's Parsing Canonical Form. */
  readonly schema: Buffer;
}

/** The Merkle tree over the events of a log as somebody found them, in order. */
export class EventTree {
  readonly tree = new MerkleTree();
  /** By what each event says of itself; undefined for one that cannot be read. */
  readonly sequences: (number | undefined)[] = [];
  private readonly schemas = new Map<number, { readonly fingerprint: Buffer; readonly since: number }>();

  get size(): number {
    return this.tree.size;
  }

  /** `record`: the bytes that are hashed. `event`: undefined if they cannot be read. */
  add(record: Buffer, event: ReadEvent | undefined): void {
    this.tree.append(leafHash(record));
    this.sequences.push(event?.sequence);
    if (event !== undefined && !this.schemas.has(event.schemaId))
      this.schemas.set(event.schemaId, { fingerprint: event.schema, since: this.size });
  }

  /** What there is to sign of the first `size` events. */
  headAt(size: number): Omit<Checkpoint, 'origin'> {
    const used = [...this.schemas].filter(([, { since }]) => since <= size);
    return {
      size,
      root: this.tree.root(size),
      schemas: new Map(used.map(([id, { fingerprint }]) => [id, fingerprint])),
    };
  }
}
