import { Readable } from 'node:stream';
import avro from 'avsc';
import { leafHash } from '../../../config/index.ts';
import type { AuditedLog, LogExport } from './export.ts';

// An option that avsc has and its declarations leave out.
declare module 'avsc' {
  interface EncoderOptions {
    readonly metadata: Readonly<Record<string, Buffer>>;
  }
}

const wrapped = <E>(of: Pick<AuditedLog<E>, 'schema' | 'wrapper'>) => ({
  type: 'record',
  name: of.wrapper,
  fields: [
    { name: 'leafHash', type: 'bytes', doc: 'Of the record, in the Merkle tree.' },
    { name: 'record', type: 'bytes', doc: 'The bytes as they are stored and hashed.' },
    { name: 'event', type: ['null', of.schema], doc: 'What they say; null if they cannot be read.' },
  ],
});

interface Row<E> {
  readonly leafHash: Buffer;
  readonly record: Buffer;
  readonly event: E | null;
}

/** An Avro object container file. Its metadata hold the log's public keys and its newest checkpoint. */
export function toAvro<E>(source: LogExport<E>): Readable {
  const type = avro.Type.forSchema(JSON.parse(JSON.stringify(wrapped(source.of))));
  const encoder = new avro.streams.BlockEncoder(type, {
    codec: 'deflate',
    metadata: {
      'signal.public_keys': Buffer.from(source.publicKeys.join('\n')),
      'signal.checkpoint': Buffer.from(source.checkpoints.at(-1)?.note ?? ''),
    },
  });
  return Readable.from(rows(source)).compose(encoder);
}

async function* rows<E>(source: LogExport<E>): AsyncIterable<Row<E>> {
  for await (const events of source.events())
    for (const { record, event } of events)
      yield { leafHash: leafHash(record), record, event: event ?? null };
}
