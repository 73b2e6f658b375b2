import type { FastifyInstance } from 'fastify';
import type { EventType } from '../../schemas/index.ts';
import { isRefusal, refuse } from '../errors.ts';
import type { Inputs, Intake } from '../intake.ts';
import { replyRefusal, success } from '../reply.ts';
import { endpoint } from './endpoint.ts';

const TYPE_OF_PATH = {
  '/v1/t': 'track',
  '/v1/p': 'page',
  '/v1/i': 'identify',
  '/v1/g': 'group',
} as const satisfies Record<string, EventType>;

/** One event per request; the path stands for its type. */
export function eventRoutes(app: FastifyInstance, intake: Intake): void {
  for (const [url, type] of Object.entries(TYPE_OF_PATH)) {
    const read = (json: unknown): Inputs => ({ events: [json], type, sentAt: null });
    endpoint(app, {
      method: 'POST',
      url,
      handler: async (request, reply) => {
        const collected = await intake.collectJson(request, reply, read);
        if (isRefusal(collected)) return replyRefusal(reply, collected);
        const [rejection] = collected.rejected;
        if (rejection !== undefined) {
          const { code, message, path } = rejection.error;
          return replyRefusal(reply, refuse(code, message, { details: { path } }));
        }
        return reply.send(success(collected));
      },
    });
  }
}
