import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keyInQuery, noSource } from '../auth/pipeline-key.ts';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { Brought, Intake } from '../intake.ts';
import { refusalOfOne, replyRefusal } from '../reply.ts';
import type { SourceDirectory } from '../sources.ts';
import { endpoint } from './endpoint.ts';
import { type PixelType, readPixel } from './pixel-query.ts';

const TYPES = ['track', 'page', 'screen', 'identify', 'group'] as const satisfies readonly PixelType[];

/** 1 × 1, transparent. */
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const HEADERS = {
  'content-type': 'image/gif',
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * `GET /v1/pixel/{type}?wk=…`: an event from where only an image can be loaded, as in mails and on AMP pages. Whatever
 * happens the answer is the image, since nobody could read anything else and a broken one would be seen; the status is
 * the true one, and `X-Signal-Error` has the code. HEAD, by which mail scanners look at links, records nothing.
 */
export function pixelRoutes(app: FastifyInstance, intake: Intake, config: SourceDirectory): void {
  app.register(async (pixels) => {
    // Here and not in the handler, so that what is refused before it and what fails in it is an image too.
    pixels.addHook('onSend', async (_request, reply) => {
      if (reply.refusedAs !== null) reply.header('x-signal-error', reply.refusedAs);
      reply.headers(HEADERS);
      return GIF;
    });
    for (const type of TYPES) {
      endpoint(pixels, {
        method: 'GET',
        url: `/v1/pixel/${type}`,
        handler: async (request, reply) => {
          const refusal = request.method === 'HEAD' ? undefined : await collect(request, reply, type);
          return refusal === undefined ? reply.send() : replyRefusal(reply, refusal);
        },
      });
    }
  });

  async function collect(
    request: FastifyRequest,
    reply: FastifyReply,
    type: PixelType,
  ): Promise<Refusal | undefined> {
    const key = keyInQuery(request.query);
    const source = key === undefined ? undefined : config.sourceByKey(key);
    if (source === undefined) return noSource(key);
    request.sourceId = source.id;
    // An image cannot sign. A web source's pages need not.
    if (source.requireSignature && source.type !== 'web') return refuse('SIGNATURE_MISSING', 'X-Signature');
    const read = (): Brought | Refusal => {
      const event = readPixel(request.query, type, request.headers);
      return isRefusal(event) ? event : { events: [event], type, sentAt: null, bytes: request.url.length };
    };
    const collected = await intake.collect(request, reply, source, read);
    return isRefusal(collected) ? collected : refusalOfOne(collected);
  }
}
