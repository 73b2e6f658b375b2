import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeBody } from '../body.ts';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { Intake } from '../intake.ts';
import { isObject } from '../normalise/fields.ts';
import { replyRefusal } from '../reply.ts';
import type { GatewaySource, SourceDirectory, WebhookSettings } from '../sources.ts';
import { eventsOf, PROVIDERS, payloadsIn } from '../webhooks/index.ts';
import { endpoint } from './endpoint.ts';

/**
 * `POST /v1/webhook?source=src_…`: another company tells what happened there. Its signature is the authentication, its
 * payload becomes events by the source's mappings. As long as anything in it cannot be mapped the answer is an error:
 * providers send again for hours or days, so once the mappings are corrected nothing is lost, and what was accepted
 * already has the same messageIds.
 */
export function webhookRoute(
  app: FastifyInstance,
  intake: Intake,
  { config, now, maxBatchSize }: WebhookRouteDeps,
): void {
  endpoint(app, {
    method: 'POST',
    url: '/v1/webhook',
    handler: async (request, reply) => {
      const call = recognise(request);
      if (isRefusal(call)) return replyRefusal(reply, call);
      const { source, settings } = call;
      const collected = await intake.collect(request, reply, source, () => {
        const body = decodeBody(request);
        if (isRefusal(body)) return body;
        const payloads = payloadsIn(body.json);
        if (payloads.length === 0) return refuse('INVALID_BODY', 'it holds no events');
        if (payloads.length > maxBatchSize) {
          return refuse('BATCH_TOO_LARGE', `${payloads.length} of at most ${maxBatchSize}`);
        }
        const events = eventsOf(payloads, bytesOf(request), request.headers, settings);
        return { events, type: 'track', sentAt: null, bytes: body.bytes };
      });
      if (isRefusal(collected)) return replyRefusal(reply, collected);
      const { accepted, rejected } = collected;
      if (rejected.length > 0) {
        return replyRefusal(reply, refuse('WEBHOOK_NOT_MAPPED', '', { details: { accepted, rejected } }));
      }
      return reply.send({ success: true, accepted });
    },
  });

  function recognise(request: FastifyRequest): Recognised | Refusal {
    const id = isObject(request.query) ? request.query.source : undefined;
    const source = typeof id === 'string' ? config.sourceById(id) : undefined;
    const settings = source?.webhook ?? null;
    if (source === undefined || settings === null) return refuse('UNKNOWN_WEBHOOK');
    request.sourceId = source.id;
    const call = {
      method: request.method,
      uri: `${request.protocol}://${request.host}${request.originalUrl}`,
      headers: request.headers,
      body: bytesOf(request),
    };
    const secrets = config.signingSecrets(source.id);
    const proof = { secrets, now: now(), signatureHeader: settings.signatureHeader };
    const refusal = PROVIDERS[settings.provider].verify(call, proof);
    if (refusal === undefined) return { source, settings };
    return config.lacksSecrets?.(source.id) ? refuse('SIGNATURE_UNVERIFIABLE') : refusal;
  }
}

export interface WebhookRouteDeps {
  readonly config: SourceDirectory;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly maxBatchSize: number;
}

interface Recognised {
  readonly source: GatewaySource;
  readonly settings: WebhookSettings;
}

/** As they came: a signature is over bytes. */
const bytesOf = ({ body }: FastifyRequest): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));
