import { hash } from 'node:crypto';
import type { ReadEvent } from '../../../config/index.ts';
import { avroType, HEADER_BYTES, type SchemaRegistry, SerdeError } from '../../../streams/index.ts';
import type { SignedLog } from './signed-log.ts';

/** The schema some events were written with. */
export interface WriterSchema {
  readonly id: number;
  /** In Avro's Parsing Canonical Form: all that decides what bytes mean, and one spelling only.
   * https://avro.apache.org/docs/1.12.0/specification/#parsing-canonical-form-for-schemas */
  readonly canonical: string;
  /** SHA-256 of it. */
  readonly fingerprint: Buffer;
  decode(body: Buffer): object | undefined;
}

export interface ReadRecord extends ReadEvent {
  /** What `JSON.stringify` writes as Avro's JSON encoding. */
  readonly value: object;
}

/**
 * Reads events by the schema each was written with, and by that alone: an auditor sees what was written, not what
 * today's program makes of it.
 */
export class WriterSchemas {
  private readonly registry: Pick<SchemaRegistry, 'schema'>;
  private readonly numbered: boolean;
  /** Undefined: there is no such schema, or it cannot be used. */
  private readonly byId = new Map<number, WriterSchema | undefined>();

  constructor(registry: Pick<SchemaRegistry, 'schema'>, { numbered }: Pick<SignedLog, 'numbered'>) {
    this.registry = registry;
    this.numbered = numbered;
  }

  /** Loads what is needed to read these records. Rejects with a `SerdeError` if the registry cannot be reached. */
  async prepare(records: readonly Buffer[]): Promise<void> {
    const ids = new Set(records.map(schemaIdOf).filter((id) => id !== undefined));
    for (const id of ids) await this.schema(id);
  }

  async schema(id: number): Promise<WriterSchema | undefined> {
    if (!this.byId.has(id)) this.byId.set(id, await this.load(id));
    return this.byId.get(id);
  }

  /** Undefined if the bytes, or their schema, are not those of an event. What was not prepared cannot be read.
   * `place`: counted from 1, what numbers a record that does not do so itself. */
  read(record: Buffer, place: number): ReadRecord | undefined {
    const id = schemaIdOf(record);
    const schema = id === undefined ? undefined : this.byId.get(id);
    const value = schema?.decode(record.subarray(HEADER_BYTES));
    if (schema === undefined || value === undefined) return undefined;
    const sequence = !this.numbered ? place : 'sequence' in value ? value.sequence : undefined;
    if (typeof sequence !== 'number') return undefined;
    return { sequence, schemaId: schema.id, schema: schema.fingerprint, value };
  }

  private async load(id: number): Promise<WriterSchema | undefined> {
    try {
      return writerSchema(id, await this.registry.schema(id));
    } catch (error) {
      if (error instanceof SerdeError && error.code === 'REGISTRY_UNAVAILABLE') throw error;
      return undefined;
    }
  }
}

function writerSchema(id: number, text: string): WriterSchema {
  const type = avroType(text, 'always');
  const canonical = JSON.stringify(type.schema());
  return {
    id,
    canonical,
    fingerprint: hash('sha256', canonical, 'buffer'),
    decode(body) {
      try {
        const { value, offset } = type.decode(body);
        return offset === body.length && typeof value === 'object' && value !== null ? value : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** Of Confluent's wire format. */
function schemaIdOf(record: Buffer): number | undefined {
  return record.length > HEADER_BYTES && record[0] === 0 ? record.readInt32BE(1) : undefined;
}
