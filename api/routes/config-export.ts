import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { type ConfigExport, toAvro, toCsv, toNdjson } from '../audit/index.ts';
import type { ApiContext } from '../deps.ts';
import type { Api } from '../http/type-provider.ts';

const FORMATS = {
  ndjson: { type: 'application/x-ndjson', write: (source: ConfigExport) => Readable.from(toNdjson(source)) },
  csv: { type: 'text/csv; charset=utf-8', write: (source: ConfigExport) => Readable.from(toCsv(source)) },
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
export function configExportRoutes(api: Api, { audit }: ApiContext): void {
  api.get(
    '/config/export',
    {
      config: { permission: 'config:export' },
      schema: {
        operationId: 'exportConfig',
        description:
          'All events of the configuration, oldest first, under a checkpoint that is made for it. NDJSON and Avro hold the bytes that are signed, sealed secrets and hashes of tokens among them: keep them as you keep a backup.',
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
      reply.header('content-disposition', `attachment; filename="config-${source.size}.${format}"`);
      return reply.send(write(source));
    },
  );
}
