import { gzipSync } from 'node:zlib';
import { type Static, Type } from '@sinclair/typebox';
import { pipelineKeyOf, type Source } from '../../config/index.ts';
import type { ApiContext } from '../deps.ts';
import { validationFailed } from '../errors.ts';
import { AtQuery, stateAt } from '../http/at.ts';
import type { Api } from '../http/type-provider.ts';
import { IdParams } from './shared.ts';
import { findSource } from './sources.ts';

const CollectorView = Type.Object({
  script_url: Type.String({ description: 'For pages: small, and of the settings there are' }),
  versioned_url: Type.String({ description: 'The script of these settings, for ever the same' }),
  integrity: Type.String({ description: 'Of the versioned one; the other checks it by itself' }),
  snippet: Type.String({ description: 'HTML to paste into the head of every page' }),
  bytes: Type.Integer({ description: 'Of the versioned one' }),
  gzip_bytes: Type.Integer(),
});

/** How pages load the script of a source. */
export function sourceCollectorRoutes(api: Api, { projection, scriptOf }: ApiContext): void {
  api.get(
    '/sources/:id/collector',
    {
      config: { permission: 'sources:read' },
      schema: {
        operationId: 'getCollectorOfSource',
        params: IdParams,
        querystring: Type.Object(
          {
            ...AtQuery.properties,
            gateway: Type.Optional(
              Type.String({
                maxLength: 300,
                description:
                  "Where pages reach the gateway: https://events.shop.example. Left out: addresses on the page's own host",
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: CollectorView },
      },
    },
    async (request) => {
      const { gateway = '' } = request.query;
      if (gateway !== '' && !isOrigin(gateway))
        throw validationFailed([
          {
            path: 'gateway',
            code: 'INVALID',
            message: 'Expected an origin such as https://events.shop.example',
          },
        ]);
      return show(findSource(stateAt(projection, request.query), request.params.id), gateway, scriptOf);
    },
  );
}

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

function show(
  source: Source,
  gateway: string,
  scriptOf: ApiContext['scriptOf'],
): Static<typeof CollectorView> {
  const { scriptFilename } = source.collector;
  const key = pipelineKeyOf(source);
  const { text, path, integrity } = scriptOf(source.collector);
  const scriptUrl = `${gateway}/${scriptFilename === null ? `d.js?k=${key}` : `${scriptFilename}.js`}`;
  return {
    script_url: scriptUrl,
    versioned_url: `${gateway}${path}?k=${key}`,
    integrity,
    snippet: [
      '<script>window._df = window._df || [];</script>',
      `<script async src="${scriptUrl}" data-pipeline-key="${key}"></script>`,
    ].join('\n'),
    bytes: Buffer.byteLength(text),
    gzip_bytes: gzipSync(text, { level: 9 }).length,
  };
}
