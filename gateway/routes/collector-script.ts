import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { endpoint } from './endpoint.ts';

export interface CollectorScript {
  readonly body: Buffer;
}

/** Long enough to save requests between pages, short enough that a new version is everywhere within minutes. */
const CACHE_CONTROL = 'public, max-age=300, stale-while-revalidate=86400';

type Encoding = 'br' | 'gzip' | 'identity';

interface Variant {
  readonly body: Buffer;
  readonly etag: string;
}

type Variants = Readonly<Record<Encoding, Variant>>;

/** `GET /d.js`. The script is public and the same for every origin. */
export function collectorScriptRoute(app: FastifyInstance, script: () => CollectorScript): void {
  const compressed = new WeakMap<Buffer, Variants>();
  endpoint(app, {
    method: 'GET',
    url: '/d.js',
    handler: async (request, reply) => {
      const { body } = script();
      let variants = compressed.get(body);
      if (variants === undefined) {
        variants = compress(body);
        compressed.set(body, variants);
      }
      const encoding = chooseEncoding(request.headers['accept-encoding']);
      const variant = variants[encoding];
      reply.headers({
        'cache-control': CACHE_CONTROL,
        etag: variant.etag,
        vary: 'Accept-Encoding',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
      });
      if (isKnown(request.headers['if-none-match'], variant.etag)) return reply.code(304).send();
      if (encoding !== 'identity') reply.header('content-encoding', encoding);
      return reply.type('text/javascript; charset=utf-8').send(variant.body);
    },
  });
}

function compress(body: Buffer): Variants {
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 27);
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return {
    br: { body: brotli, etag: `"${digest}-br"` },
    gzip: { body: gzipSync(body, { level: 9 }), etag: `"${digest}-gz"` },
    identity: { body, etag: `"${digest}"` },
  };
}

/** The smallest that the client accepts (RFC 9110, 12.5.3); a client that says nothing gets it plain. */
export function chooseEncoding(header: string | undefined): Encoding {
  const accepted = new Map<string, boolean>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    accepted.set(name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)));
  }
  const accepts = (name: Encoding) => accepted.get(name) ?? accepted.get('*') ?? false;
  if (accepts('br')) return 'br';
  return accepts('gzip') ? 'gzip' : 'identity';
}

/** `If-None-Match` compares weakly: a proxy may have marked the tag with `W/`. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
