import { Readable } from 'node:stream';
import avro from 'avsc';
import { leafHash } from '../../../config/index.ts';
import { CONFIG_EVENT_SCHEMA, type ConfigEvent } from '../../../schemas/index.ts';
import type { ConfigExport } from './export.ts';

// An option that avsc has and its declarations leave out.
declare module 'avsc' {
  interface EncoderOptions {
    readonly metadata: Readonly<Record<string, Buffer>>;
  }
}

const EXPORTED_EVENT = {
  type: 'record',
  name: 'ExportedConfigEvent',
  namespace: 'signal.config',
  fields: [
    { name: 'leafHash', type: 'bytes', doc: 'Of the record, in the Merkle tree.' },
    { name: 'record', type: 'bytes', doc: "The event's bytes as they are stored and hashed." },
    {
      name: 'event',
      type: ['null', CONFIG_EVENT_SCHEMA],
      doc: 'What they say; null if they cannot be read.',
    },
  ],
};

interface Row {
  readonly leafHash: Buffer;
  readonly record: Buffer;
  readonly event: ConfigEvent | null;
}

/** An Avro object container file. Its metadata hold the log's public keys and its newest checkpoint. */
export function toAvro(source: ConfigExport): Readable {
  const type = avro.Type.forSchema(JSON.parse(JSON.stringify(EXPORTED_EVENT)));
  const encoder = new avro.streams.BlockEncoder(type, {
    codec: 'deflate',
    metadata: {
      'signal.public_keys': Buffer.from(source.publicKeys.join('\n')),
      'signal.checkpoint': Buffer.from(source.checkpoints.at(-1)?.note ?? ''),
    },
  });
  return Readable.from(rows(source)).compose(encoder);
}

async function* rows(source: ConfigExport): AsyncIterable<Row> {
  for await (const events of source.events())
    for (const { record, event } of events)
      yield { leafHash: leafHash(record), record, event: event ?? null };
}
