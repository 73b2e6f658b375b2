import type { Outcome, Verdict } from '../integrations/index.ts';
import type { DeadLetter, DeliveryBatch, DeliveryRequest, DeliveryResult } from '../schemas/index.ts';
import { type RetrySchedule, retryDelay } from './retry-schedule.ts';
import type { Attempt } from './sender.ts';

/** What an attempt makes of a batch: records to write, and batches that wait for another attempt. */
export interface Settlement {
  readonly results: readonly DeliveryResult[];
  readonly deadLetters: readonly DeadLetter[];
  readonly waiting: readonly DeliveryBatch[];
}

export interface SettleContext {
  readonly now: number;
  /** `maxAttempts` as the vendor has it. */
  readonly schedule: RetrySchedule;
  readonly random: () => number;
  readonly newId: () => string;
}

/**
 * Decides for each event of a batch: delivered, to be retried, or dead. A batch of which every event is retried stays
 * the same batch, so the vendor gets the same bytes again; if only some are, those are a new one.
 */
export function settle(
  batch: DeliveryBatch,
  requests: readonly DeliveryRequest[],
  attempt: Attempt,
  context: SettleContext,
): Settlement {
  const { verdict } = attempt;
  const made: DeliveryBatch = { ...batch, attempts: batch.attempts + 1, offsets: [], requests };
  if (verdict.kind === 'split' && requests.length > 1) {
    return { results: [], deadLetters: [], waiting: halves(made, context) };
  }

  const failed: DeliveryBatch = { ...made, failures: batch.failures + 1 };
  const exhausted = failed.failures >= context.schedule.maxAttempts;
  const delay = retryDelay(context.schedule, failed.failures, attempt.retryAfterMs, context.random());
  const nextAttemptAt = context.now + delay;

  const results: DeliveryResult[] = [];
  const deadLetters: DeadLetter[] = [];
  const retried: DeliveryRequest[] = [];
  for (const [index, request] of requests.entries()) {
    const outcome = outcomeOf(verdict, index, exhausted);
    const result = resultOf(request, outcome, attempt, made.attempts, nextAttemptAt, context.now);
    results.push(result);
    if (outcome.kind === 'dead') deadLetters.push({ request, result });
    if (outcome.kind === 'retry') retried.push(request);
  }
  return { results, deadLetters, waiting: again(failed, retried, nextAttemptAt, context) };
}

function again(
  batch: DeliveryBatch,
  retried: readonly DeliveryRequest[],
  nextAttemptAt: number,
  { newId, now }: SettleContext,
): readonly DeliveryBatch[] {
  if (retried.length === 0) return [];
  if (retried.length === batch.requests.length) return [{ ...batch, nextAttemptAt }];
  return [{ ...batch, id: newId(), createdAt: now, requests: retried, nextAttemptAt }];
}

function halves(batch: DeliveryBatch, { newId, now }: SettleContext): readonly DeliveryBatch[] {
  const middle = Math.ceil(batch.requests.length / 2);
  return [batch.requests.slice(0, middle), batch.requests.slice(middle)].map((requests) => ({
    ...batch,
    id: newId(),
    createdAt: now,
    requests,
    nextAttemptAt: now,
  }));
}

function outcomeOf(verdict: Verdict, index: number, exhausted: boolean): Outcome {
  const outcome = judged(verdict, index);
  return outcome.kind === 'retry' && exhausted ? { ...outcome, kind: 'dead' } : outcome;
}

function judged(verdict: Verdict, index: number): Outcome {
  switch (verdict.kind) {
    case 'all':
      return verdict.outcome;
    case 'each': {
      const outcome = verdict.outcomes[index];
      if (outcome === undefined) throw new RangeError(`no outcome for item ${index}`);
      return outcome;
    }
    case 'split':
      return { kind: 'dead', reason: verdict.reason, detail: verdict.detail };
    default:
      return verdict satisfies never;
  }
}

const STATUS = { delivered: 'delivered', retry: 'retrying', dead: 'dead' } as const;

function resultOf(
  request: DeliveryRequest,
  outcome: Outcome,
  { httpStatus, latencyMs }: Pick<Attempt, 'httpStatus' | 'latencyMs'>,
  attempts: number,
  nextAttemptAt: number,
  now: number,
): DeliveryResult {
  return {
    messageId: request.messageId,
    integrationId: request.integrationId,
    pipelineId: request.pipelineId,
    sourceId: request.sourceId,
    status: STATUS[outcome.kind],
    reason: outcome.kind === 'delivered' ? null : outcome.reason,
    detail: outcome.kind === 'delivered' ? null : outcome.detail,
    attempts,
    httpStatus,
    latencyMs,
    nextAttemptAt: outcome.kind === 'retry' ? nextAttemptAt : null,
    deduplicationId: request.deduplicationId,
    decidedAt: now,
    raw: request.raw,
  };
}

/** An event that is given up without a request. */
export function unsendable(
  request: DeliveryRequest,
  reason: string,
  detail: string,
  now: number,
): Settlement {
  const outcome: Outcome = { kind: 'dead', reason, detail };
  const unasked = { httpStatus: null, latencyMs: 0 };
  const result = { ...resultOf(request, outcome, unasked, 0, now, now), latencyMs: null };
  return { results: [result], deadLetters: [{ request, result }], waiting: [] };
}
