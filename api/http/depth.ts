import type { FastifyInstance } from 'fastify';
import { apiError } from '../errors.ts';

const MAX_DEPTH = 32;

/** Refuses bodies so deeply nested that whoever walks them runs out of stack. */
export function limitDepth(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    if (isDeeperThan(request.body, MAX_DEPTH))
      throw apiError('INVALID_JSON', `it is nested more than ${MAX_DEPTH} levels deep`);
  });
}

function isDeeperThan(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return false;
}
