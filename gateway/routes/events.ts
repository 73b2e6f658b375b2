import type { FastifyInstance } from 'fastify';
import type { EventType } from '../../schemas/index.ts';
import { isRefusal } from '../errors.ts';
import type { Inputs, Intake } from '../intake.ts';
import { refusalOfOne, replyRefusal, success } from '../reply.ts';
import { endpoint } from './endpoint.ts';

/** `null`: the event says itself. */
const TYPE_OF_PATH = {
  '/v1/t': 'track',
  '/v1/p': 'page',
  '/v1/i': 'identify',
  '/v1/g': 'group',
  '/v1/a': 'alias',
  '/v1/s': 'screen',
  '/v1/consent': 'consent',
  '/v1/events': null,
  // Segment's HTTP API; the short forms above are those of its browser SDK too.
  '/v1/track': 'track',
  '/v1/page': 'page',
  '/v1/identify': 'identify',
  '/v1/group': 'group',
  '/v1/alias': 'alias',
  '/v1/screen': 'screen',
} as const satisfies Record<string, EventType | null>;

/** One event per request; the path stands for its type, or the event names it. */
export function eventRoutes(app: FastifyInstance, intake: Intake): void {
  for (const [url, type] of Object.entries(TYPE_OF_PATH)) {
    const read = (json: unknown): Inputs => ({ events: [json], type, sentAt: null });
    endpoint(app, {
      method: 'POST',
      url,
      handler: async (request, reply) => {
        const collected = await intake.collectJson(request, reply, read);
        if (isRefusal(collected)) return replyRefusal(reply, collected);
        const refusal = refusalOfOne(collected);
        if (refusal !== undefined) return replyRefusal(reply, refusal);
        return reply.send(success(collected));
      },
    });
  }
}
