import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ConfigProjection } from '../../config/index.ts';
import { apiError } from '../errors.ts';

const PATIENCE_MS = 20_000;

/** Has requests wait that may look at the past, while a process that has just started still reads it. */
export function awaitHistory(
  app: FastifyInstance,
  projection: Pick<ConfigProjection, 'hasHistory' | 'whenHistory'>,
  patienceMs = PATIENCE_MS,
): void {
  app.addHook('preHandler', async (request) => {
    if (projection.hasHistory || !mayLookBack(request)) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(apiError('HISTORY_LOADING')), patienceMs);
    });
    await Promise.race([projection.whenHistory(), tooLong]).finally(() => clearTimeout(timer));
  });
}

/** Reads of the past say when; the log and lineage are about it; and a repeated command may have been decided then. */
const mayLookBack = ({ query, headers, routeOptions: { url = '' } }: FastifyRequest): boolean =>
  (typeof query === 'object' && query !== null && 'at' in query) ||
  'idempotency-key' in headers ||
  /^\/v1\/admin\/(config|events|apply)(\/|$)/.test(url);
