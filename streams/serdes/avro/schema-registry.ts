/**
 * A Confluent schema registry as the serdes need it. All methods reject with a `SerdeError`:
 * `REGISTRY_UNAVAILABLE` when another attempt may help, else `REGISTRY_REFUSED` or `UNKNOWN_SCHEMA`.
 */
export interface SchemaRegistry {
  /** Id of the schema (Avro, as JSON text), registered as the subject's newest version unless it is one already. */
  register(subject: string, schema: string): Promise<number>;
  /** Ids of all versions of the subject, oldest first; none for an unknown subject. */
  ids(subject: string): Promise<readonly number[]>;
  /** The schema as JSON text, its references put in. */
  schema(id: number): Promise<string>;
}

/** Thrown by `deserialize` for a schema id it has not seen: await `load()`, then deserialize again. `load` rejects
 * with a `SerdeError` when the schema cannot be had, or cannot be read with ours. */
export class UnknownSchemaId extends Error {
  override readonly name = 'UnknownSchemaId';
  readonly id: number;
  readonly load: () => Promise<void>;

  constructor(id: number, load: () => Promise<void>) {
    super(`schema ${id} is not loaded yet`);
    this.id = id;
    this.load = load;
  }
}
