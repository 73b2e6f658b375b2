// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from '../../avro.ts';

/** Event. */
export interface TokenRevoked {
  readonly tokenId: string;
}

export const TOKEN_REVOKED_SCHEMA: AvroRecordSchema<TokenRevoked> = {
  "type": "record",
  "name": "TokenRevoked",
  "namespace": "signal.config",
  "doc": "Event.",
  "fields": [{"name":"tokenId","type":"string"}],
};
