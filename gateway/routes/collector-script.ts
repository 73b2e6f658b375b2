import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../errors.ts';
import { replyRefusal } from '../reply.ts';
import type { CollectorSettings, GatewaySource, SourceDirectory } from '../sources.ts';
import { Compressed } from './compressed.ts';
import { chooseEncoding } from './encoding.ts';
import { endpoint } from './endpoint.ts';

/** A source's datafly.js, made for its settings. */
export interface CollectorScript {
  readonly text: string;
  /** Names the text. */
  readonly hash: string;
}

/** Makes scripts; asked on every request for one, so it remembers those it has made. */
export interface CollectorScripts<S extends CollectorScript = CollectorScript> {
  of(settings: CollectorSettings): S;
  withHash(hash: string): S | undefined;
  /** Text of the loader of that script; without, of the one that the key on the page stands for. */
  loader(script?: S): string;
}

/** Long enough to save requests between pages, short enough that new settings are everywhere within minutes. */
const SHORT_LIVED = 'public, max-age=300, stale-while-revalidate=86400';
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Of a file's name: what the gateway makes itself. */
const HASH = /^[0-9a-f]{32}$/;

/**
 * The script of a source, in three addresses:
 *
 * - `/{script_filename}.js`, `/d.js?k=<key>` and plain `/d.js`: the loader, short-lived. It names the next by its hash
 *   and integrity; plain `/d.js` cannot know the key, so its loader asks for the third by the key in its tag.
 * - `/d/<hash>.js`: the script itself, for ever the same. `?k=` lets a gateway that has not made it yet make it.
 * - `/d/<key>.js`: the script of the key's source as it is now, short-lived. Also for a page that wants one request.
 *
 * All are public, and the same for every origin.
 */
export function collectorScriptRoutes<S extends CollectorScript>(
  app: FastifyInstance,
  scripts: CollectorScripts<S>,
  sources: SourceDirectory,
): void {
  const compressed = new Compressed();
  const send = (request: FastifyRequest, reply: FastifyReply, text: string, cacheControl: string) =>
    sendScript(request, reply, compressed, text, cacheControl);
  const currentOf = (source: GatewaySource | undefined): S | undefined =>
    source && scripts.of(source.collector);

  endpoint(app, {
    method: 'GET',
    url: '/d.js',
    handler: async (request, reply) => {
      const key = keyOf(request);
      const script = key === undefined ? undefined : currentOf(sources.sourceByKey(key));
      if (key !== undefined && script === undefined) return notFound(reply);
      return send(request, reply, scripts.loader(script), SHORT_LIVED);
    },
  });
  endpoint(app, {
    method: 'GET',
    url: '/:file(^[\\w.-]{1,200}).js',
    handler: async (request, reply) => {
      const script = currentOf(sources.sourceByScriptFilename(fileOf(request)));
      return script === undefined
        ? notFound(reply)
        : send(request, reply, scripts.loader(script), SHORT_LIVED);
    },
  });
  endpoint(app, {
    method: 'GET',
    url: '/d/:file(^[\\w.-]{1,200}).js',
    handler: async (request, reply) => {
      const file = fileOf(request);
      if (!HASH.test(file)) {
        const script = currentOf(sources.sourceByKey(file));
        return script === undefined ? notFound(reply) : send(request, reply, script.text, SHORT_LIVED);
      }
      const known = scripts.withHash(file) ?? currentOf(sources.sourceByKey(keyOf(request) ?? ''));
      return known?.hash === file ? send(request, reply, known.text, IMMUTABLE) : notFound(reply);
    },
  });
}

function keyOf({ query }: FastifyRequest): string | undefined {
  const { k: key }: { k?: unknown } = Object(query);
  return typeof key === 'string' ? key : undefined;
}

function fileOf({ params }: FastifyRequest): string {
  const { file }: { file?: unknown } = Object(params);
  return String(file);
}

function notFound(reply: FastifyReply): FastifyReply {
  // Without the header a page on another origin is told of a network error, and its console of nothing.
  reply.headers({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
  return replyRefusal(reply, refuse('NOT_FOUND'));
}

async function sendScript(
  request: FastifyRequest,
  reply: FastifyReply,
  compressed: Compressed,
  text: string,
  cacheControl: string,
): Promise<FastifyReply> {
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  const { body, etag } = await compressed.of(text, encoding);
  reply.headers({
    'cache-control': cacheControl,
    etag,
    vary: 'Accept-Encoding',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type('text/javascript; charset=utf-8').send(body);
}

/** `If-None-Match` compares weakly: a proxy may have marked the tag with `W/`. */
function isKnown(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
