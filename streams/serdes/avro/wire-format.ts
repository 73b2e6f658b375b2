import { SerdeError } from '../errors.ts';

/** Confluent's wire format: magic byte 0, the schema's id as a big-endian int32, the Avro body.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format */
export const HEADER_BYTES = 5;

const MAGIC = 0;

export function writeHeader(buffer: Buffer, schemaId: number): void {
  buffer[0] = MAGIC;
  buffer.writeInt32BE(schemaId, 1);
}

/** The id of the schema the body was written with. */
export function readHeader(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC)
    throw new SerdeError('NOT_WIRE_FORMAT', `${bytes.length} bytes beginning with ${bytes[0] ?? 'nothing'}`);
  return bytes.readInt32BE(1);
}
