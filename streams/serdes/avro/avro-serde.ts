import type { Type } from 'avsc';
import { SerdeError } from '../errors.ts';
import type { Serde } from '../serde.ts';
import { encode } from './encode.ts';
import { type SchemaRegistry, UnknownSchemaId } from './schema-registry.ts';
import { avroType } from './types.ts';
import { HEADER_BYTES, readHeader } from './wire-format.ts';

/** A self-contained Avro schema. `$type` is never there: it ties the schema to the type of its values. */
export interface AvroSchema<T> {
  readonly type: 'record';
  readonly name: string;
  readonly $type?: T;
}

export interface AvroSerdeOptions<T> {
  readonly schema: AvroSchema<T>;
  /** By Confluent's convention `<topic>-value` or `<topic>-key`. */
  readonly subject: string;
  readonly registry: SchemaRegistry;
}

/** Reads values of one writer schema as ours, or says why that cannot be. */
type Reader = { readonly resolver: ReturnType<Type['createResolver']> | undefined } | SerdeError;

/**
 * A serde of Avro values in Confluent's wire format. Registers `schema` under `subject` and loads the schemas of the
 * subject's versions; after that nothing waits for the registry, except for an `UnknownSchemaId`. Values written with
 * another version are resolved to `schema` by Avro's rules. Maps come back without a prototype; a union of several
 * records (or maps) holds its value as `{ 'the.BranchName': value }`.
 */
export async function avroSerde<T>({ schema, subject, registry }: AvroSerdeOptions<T>): Promise<Serde<T>> {
  const text = JSON.stringify(schema);
  const type = avroType(text);
  const id = await registry.register(subject, text);
  const serde = new AvroSerde<T>(type, id, registry);
  await Promise.all((await registry.ids(subject)).map((version) => serde.load(version)));
  return serde;
}

class AvroSerde<T> implements Serde<T> {
  readonly #type: Type;
  readonly #id: number;
  readonly #registry: SchemaRegistry;
  readonly #readers = new Map<number, Reader>();
  readonly #loading = new Map<number, Promise<void>>();

  constructor(type: Type, id: number, registry: SchemaRegistry) {
    this.#type = type;
    this.#id = id;
    this.#registry = registry;
    this.#readers.set(id, { resolver: undefined });
  }

  serialize(value: T): Buffer {
    return encode(this.#type, this.#id, value);
  }

  deserialize(bytes: Buffer): T {
    const id = readHeader(bytes);
    const reader = this.#readers.get(id);
    if (reader === undefined) throw new UnknownSchemaId(id, () => this.#loadOrFail(id));
    if (reader instanceof SerdeError) throw reader;
    let decoded: ReturnType<Type['decode']>;
    try {
      decoded = this.#type.decode(bytes, HEADER_BYTES, reader.resolver);
    } catch (error) {
      throw this.#decodingError(error, id);
    }
    if (decoded.offset !== bytes.length) {
      const problem = decoded.offset < 0 ? 'the bytes end too early' : 'there are bytes left over';
      throw new SerdeError('MALFORMED', `${this.#type.name} (schema ${id}): ${problem}`);
    }
    return decoded.value;
  }

  /** Gets ready for values written with schema `id`. A schema that ours cannot read is remembered as such. */
  load(id: number): Promise<void> {
    if (this.#readers.has(id)) return Promise.resolve();
    const loading =
      this.#loading.get(id) ??
      this.#registry
        .schema(id)
        .then((writer) => void this.#readers.set(id, this.#reader(id, writer)))
        .finally(() => this.#loading.delete(id));
    this.#loading.set(id, loading);
    return loading;
  }

  async #loadOrFail(id: number): Promise<void> {
    await this.load(id);
    const reader = this.#readers.get(id);
    if (reader instanceof SerdeError) throw reader;
  }

  #reader(id: number, writerSchema: string): Reader {
    try {
      const writer = avroType(writerSchema);
      return { resolver: this.#type.equals(writer) ? undefined : this.#type.createResolver(writer) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new SerdeError('INCOMPATIBLE_SCHEMA', `${this.#type.name} from schema ${id}: ${reason}`);
    }
  }

  #decodingError(error: unknown, id: number): SerdeError {
    const reason = error instanceof Error ? error.message : String(error);
    // The one error avsc has for it.
    const code = reason === 'potential precision loss' ? 'UNSAFE_LONG' : 'MALFORMED';
    return new SerdeError(code, `${this.#type.name} (schema ${id}): ${reason}`);
  }
}
