import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { apiError } from '../errors.ts';
import { callerIfAny } from './caller.ts';

const WINDOW_MS = 60_000;

/** Counts each caller's requests to the routes that are added to `app` from now on, in this process, those that will be
 * refused among them. Requests without a caller are counted by their address. */
export async function limitRate(app: FastifyInstance, requestsPerMinute: () => number): Promise<void> {
  await app.register(rateLimit, {
    // A route's own hooks come after those of `app`, one of which tells who is calling.
    hook: 'onRequest',
    max: () => requestsPerMinute(),
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => callerIfAny(request)?.id ?? `address ${request.ip}`,
    errorResponseBuilder: (_request, { max }) => apiError('RATE_LIMITED', String(max)),
  });
}
