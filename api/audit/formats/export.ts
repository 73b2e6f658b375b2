import type { ConfigEvent } from '../../../schemas/index.ts';
import type { ReadRecord, StoredCheckpoint, WriterSchema } from '../../../topologies/config/index.ts';

/** One event of the config log, as its bytes and as what they say. */
export interface ExportedEvent {
  /** The bytes that are hashed. */
  readonly record: Buffer;
  /** By the schema it was written with; undefined if it cannot be read. */
  readonly read: ReadRecord | undefined;
  /** As today's program has it. */
  readonly event: ConfigEvent | undefined;
}

/** The config log up to a size, as it stands, with all it takes to verify it. */
export interface ConfigExport {
  /** Of the keys that sign it, or signed it. */
  readonly publicKeys: readonly string[];
  readonly origin: string;
  readonly size: number;
  /** Those the events were written with. */
  readonly schemas: readonly WriterSchema[];
  readonly checkpoints: readonly StoredCheckpoint[];
  /** A chunk at a time, from the first to the last. */
  events(): AsyncIterable<readonly ExportedEvent[]>;
}
