import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { type LogAudit, type LogExport, toAvro, toCsv, toNdjson } from '../audit/index.ts';
import type { Api } from '../http/type-provider.ts';
import type { AuditPlace } from './log-audit.ts';

const FORMATS = {
  ndjson: {
    type: 'application/x-ndjson',
    write: <E>(source: LogExport<E>) => Readable.from(toNdjson(source)),
  },
  csv: { type: 'text/csv; charset=utf-8', write: <E>(source: LogExport<E>) => Readable.from(toCsv(source)) },
  avro: { type: 'application/vnd.apache.avro', write: toAvro },
} as const;

const ExportQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal('ndjson'), Type.Literal('csv'), Type.Literal('avro')], {
        description: '`ndjson`, the default, is the one that can be verified by itself',
        errorMessage: 'Expected ndjson, csv or avro',
      }),
    ),
  },
  { additionalProperties: false },
);

/** The whole log, to take away. */
export function exportRoute<E>(api: Api, audit: LogAudit<E>, place: AuditPlace): void {
  api.get(
    `${place.path}/export`,
    {
      config: { permission: place.export },
      schema: {
        operationId: `export${place.noun}`,
        description:
          'All there is in the log, oldest first, under a checkpoint that is made for it. NDJSON and Avro hold the bytes that are signed, sealed secrets and hashes of tokens among them: keep them as you keep a backup.',
        querystring: ExportQuery,
        response: { 200: Type.Unsafe<Readable>(Type.String()) },
        mediaTypes: { 200: ['application/x-ndjson', 'text/csv', 'application/vnd.apache.avro'] },
      },
    },
    async (request, reply) => {
      const format = request.query.format ?? 'ndjson';
      const { type, write } = FORMATS[format];
      const source = await audit.export();
      reply.type(type);
      reply.header('content-disposition', `attachment; filename="${audit.of.file}-${source.size}.${format}"`);
      return reply.send(write(source));
    },
  );
}
