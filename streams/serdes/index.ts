export { type AvroSchema, type AvroSerdeOptions, avroSerde } from './avro/avro-serde.ts';
export { type ConfluentRegistryOptions, confluentRegistry } from './avro/confluent-registry.ts';
export { memoryRegistry } from './avro/memory-registry.ts';
export { type SchemaRegistry, UnknownSchemaId } from './avro/schema-registry.ts';
export { avroType } from './avro/types.ts';
export { HEADER_BYTES, readHeader } from './avro/wire-format.ts';
export { SERDE_ERRORS, SerdeError, type SerdeErrorCode } from './errors.ts';
export { serdes } from './primitives.ts';
export type { Serde } from './serde.ts';
