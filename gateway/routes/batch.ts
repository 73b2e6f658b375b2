import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { Inputs, Intake } from '../intake.ts';
import { isObject } from '../normalise/fields.ts';
import { parseTimestamp } from '../normalise/timestamps.ts';
import { replyRefusal, success } from '../reply.ts';
import { endpoint } from './endpoint.ts';

/** Segment's browser SDK batches to `/v1/b`, its importers to `/v1/import`, RudderStack's page-leave beacon to
 * `/beacon/v1/batch`; the bodies are one. */
const PATHS = ['/v1/batch', '/v1/b', '/v1/import', '/beacon/v1/batch'];

/**
 * `{"batch": [event, …], "sentAt"?, "pipelineKey"?}`, each event with its type. Good events are accepted and bad
 * ones named, so the answer is 200 as long as one was good; a sender must not repeat the rejected ones.
 */
export function batchRoute(app: FastifyInstance, intake: Intake, maxBatchSize: number): void {
  const read = (json: unknown) => readBatch(json, maxBatchSize);
  const handler: RouteHandlerMethod = async (request, reply) => {
    const collected = await intake.collectJson(request, reply, read);
    if (isRefusal(collected)) return replyRefusal(reply, collected);
    const { accepted, rejected } = collected;
    if (accepted === 0) return replyRefusal(reply, refuse('INVALID_BATCH', '', { details: { rejected } }));
    return reply.send({ ...success(collected), accepted, rejected });
  };
  for (const url of PATHS) endpoint(app, { method: 'POST', url, handler });
}

function readBatch(json: unknown, maxBatchSize: number): Inputs | Refusal {
  if (!isObject(json)) return refuse('INVALID_BODY', 'it must be an object with the array "batch"');
  const { batch, sentAt } = json;
  if (!Array.isArray(batch)) return refuse('INVALID_BODY', '"batch" must be an array of events');
  if (batch.length === 0) return refuse('INVALID_BODY', '"batch" holds no events');
  if (batch.length > maxBatchSize) {
    return refuse('BATCH_TOO_LARGE', `${batch.length} of at most ${maxBatchSize}`);
  }
  if (sentAt === undefined || sentAt === null) return { events: batch, type: null, sentAt: null };
  const time = typeof sentAt === 'string' ? parseTimestamp(sentAt) : undefined;
  if (time === undefined) return refuse('INVALID_BODY', '"sentAt" must be an ISO 8601 time');
  return { events: batch, type: null, sentAt: time };
}
