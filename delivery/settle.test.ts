import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome, Verdict } from '../integrations/index.ts';
import type { DeliveryBatch } from '../schemas/index.ts';
import { DEFAULT_SCHEDULE } from './retry-schedule.ts';
import { type SettleContext, settle } from './settle.ts';
import { deliveryRequest } from './testing/storage.ts';

const NOW = Date.UTC(2026, 5, 6);

const context = (): SettleContext => {
  let ids = 0;
  return { now: NOW, schedule: DEFAULT_SCHEDULE, random: () => 0.5, newId: () => `new-${++ids}` };
};

const batch = (failures: number): DeliveryBatch => ({
  id: 'b1',
  createdAt: NOW - 1_000,
  offsets: [{ first: 10, last: 20 }],
  requests: [],
  attempts: failures,
  failures,
  nextAttemptAt: null,
});

const attempt = (verdict: Verdict) => ({ verdict, httpStatus: 200, latencyMs: 5, retryAfterMs: undefined });

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ kind: 'delivered' }),
  fc.constant<Outcome>({ kind: 'retry', reason: 'BUSY', detail: '' }),
  fc.constant<Outcome>({ kind: 'dead', reason: 'BAD', detail: '' }),
);

test('every event of a batch ends up in exactly one place, whatever the vendor answers', () => {
  const verdicts = fc.oneof(
    fc
      .array(outcome, { minLength: 1, maxLength: 20 })
      .map((outcomes): [number, Verdict] => [outcomes.length, { kind: 'each', outcomes }]),
    fc.tuple(
      fc.integer({ min: 1, max: 20 }),
      outcome.map((one): Verdict => ({ kind: 'all', outcome: one })),
    ),
    fc.tuple(
      fc.integer({ min: 1, max: 20 }),
      fc.constant<Verdict>({ kind: 'split', reason: 'HTTP_400', detail: '' }),
    ),
  );
  fc.assert(
    fc.property(verdicts, fc.integer({ min: 0, max: 4 }), ([count, verdict], failures) => {
      const requests = Array.from({ length: count }, (_, index) => deliveryRequest(`m${index}`));
      const { results, deadLetters, waiting } = settle(
        batch(failures),
        requests,
        attempt(verdict),
        context(),
      );
      const waits = waiting.flatMap((next) => next.requests.map(({ messageId }) => messageId));
      const ended = results.filter(({ status }) => status !== 'retrying').map(({ messageId }) => messageId);
      expect([...waits, ...ended].sort()).toEqual(requests.map(({ messageId }) => messageId).sort());
      expect(deadLetters.map(({ result }) => result)).toEqual(
        results.filter(({ status }) => status === 'dead'),
      );
      const told = results.filter(({ status }) => status === 'retrying').length;
      expect(told).toBe(verdict.kind === 'split' ? 0 : waits.length);
    }),
  );
});

test('a batch retried whole stays the same batch; a part of it is a new one', () => {
  const requests = ['a', 'b'].map((id) => deliveryRequest(id));
  const retry: Outcome = { kind: 'retry', reason: 'BUSY', detail: '' };
  const whole = settle(batch(1), requests, attempt({ kind: 'all', outcome: retry }), context()).waiting;
  const again = { requests, attempts: 2, failures: 2, offsets: [], nextAttemptAt: NOW + 8_000 };
  expect(whole).toEqual([{ ...again, id: 'b1', createdAt: NOW - 1_000 }]);
  const mixed: Verdict = { kind: 'each', outcomes: [{ kind: 'delivered' }, retry] };
  const part = settle(batch(1), requests, attempt(mixed), context()).waiting;
  expect(part).toEqual([{ ...again, id: 'new-1', createdAt: NOW, requests: [requests[1]] }]);
});

test('splitting spends no retries', () => {
  const requests = ['a', 'b', 'c'].map((id) => deliveryRequest(id));
  const split: Verdict = { kind: 'split', reason: 'HTTP_400', detail: '' };
  const { waiting } = settle(batch(2), requests, attempt(split), context());
  expect(
    waiting.map(({ id, attempts, failures, requests: members }) => [id, attempts, failures, members.length]),
  ).toEqual([
    ['new-1', 3, 2, 2],
    ['new-2', 3, 2, 1],
  ]);
});
