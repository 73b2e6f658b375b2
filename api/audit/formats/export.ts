import type { AvroSchema } from '../../../streams/index.ts';
import type {
  ReadRecord,
  SignedLog,
  StoredCheckpoint,
  WriterSchema,
} from '../../../topologies/config/index.ts';

/** A log that is signed, and what its exports look like. `E`: a record of it. */
export interface AuditedLog<E> {
  readonly log: SignedLog;
  /** Of NDJSON: names the format and its version. */
  readonly format: string;
  /** What names of files begin with. */
  readonly file: string;
  /** Whether a log of this name is one of these. */
  isNamed(origin: string): boolean;
  /** Of CSV, between the sequence and the leaf hash: what auditors may see, without what is sealed or hashed. */
  readonly columns: readonly (readonly [name: string, value: (event: E) => string | number | null])[];
  /** Of Avro. */
  readonly schema: AvroSchema<E>;
  /** Full name of what wraps it there. */
  readonly wrapper: string;
}

/** One record of the log, as its bytes and as what they say. */
export interface ExportedEvent<E> {
  /** The bytes that are hashed. */
  readonly record: Buffer;
  /** By the schema it was written with; undefined if it cannot be read. */
  readonly read: ReadRecord | undefined;
  /** As today's program has it. */
  readonly event: E | undefined;
}

/** A log up to a size, as it stands, with all it takes to verify it. */
export interface LogExport<E> {
  readonly of: AuditedLog<E>;
  /** Of the keys that sign it, or signed it. */
  readonly publicKeys: readonly string[];
  readonly origin: string;
  readonly size: number;
  /** Those the events were written with. */
  readonly schemas: readonly WriterSchema[];
  readonly checkpoints: readonly StoredCheckpoint[];
  /** A chunk at a time, from the first to the last. */
  events(): AsyncIterable<readonly ExportedEvent<E>[]>;
}
