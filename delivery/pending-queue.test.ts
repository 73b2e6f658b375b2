import { describe, expect, test } from 'vitest';
import type { DeliveryLimits } from '../integrations/index.ts';
import { type Pending, PendingQueue } from './pending-queue.ts';
import { deliveryRequest } from './testing/storage.ts';

const LIMITS: DeliveryLimits = { maxItems: 3, maxBytes: 110, envelopeBytes: 10, lingerMs: 0, timeoutMs: 1 };

const record = { topic: 't', partition: 0, offset: 0, key: null, value: null, timestamp: 0, headers: [] };

const ofBytes = (bytes: number): Pending => ({
  kind: 'request',
  record,
  arrivedAt: 0,
  request: deliveryRequest('m'),
  bytes,
});

const unreadable: Pending = { kind: 'unreadable', record, arrivedAt: 0, error: new Error('junk') };

function queueOf(...items: readonly Pending[]): PendingQueue {
  const queue = new PendingQueue(LIMITS);
  for (const item of items) queue.push(item);
  return queue;
}

function sizeOfHead(queue: PendingQueue): number | string {
  const head = queue.head();
  return head.kind === 'batch' ? head.members.length : head.kind;
}

describe('the front of the queue', () => {
  test.each<[string, Pending[], number | string]>([
    ['nothing', [], 'empty'],
    ['as many as a request takes', [1, 1, 1, 1].map(ofBytes), 3],
    ['as many as fit, to the byte', [50, 50, 1].map(ofBytes), 2],
    ['fewer if the next one does not fit', [50, 51].map(ofBytes), 1],
    ['one that fits exactly', [100].map(ofBytes), 1],
    ['one that is too large', [101, 1].map(ofBytes), 'too-large'],
    ['those before one that is too large', [1, 101].map(ofBytes), 1],
    ['one that cannot be read', [unreadable, ofBytes(1)], 'unreadable'],
    ['those before one that cannot be read', [ofBytes(1), unreadable], 1],
  ])('is %s', (_, items, expected) => {
    expect(sizeOfHead(queueOf(...items))).toBe(expected);
  });

  test('moves on when it is taken', () => {
    const queue = queueOf(...[60, 60, 60].map(ofBytes));
    expect(queue.fillsRequest).toBe(true);
    queue.shift(2);
    expect(sizeOfHead(queue)).toBe(1);
    expect(queue.fillsRequest).toBe(false);
    queue.shift(1);
    expect(sizeOfHead(queue)).toBe('empty');
  });
});

test('the queue is full when two more requests are', () => {
  expect(queueOf(...Array.from({ length: 255 }, () => ofBytes(0))).isFull).toBe(false);
  expect(queueOf(...Array.from({ length: 256 }, () => ofBytes(0))).isFull).toBe(true);
  expect(queueOf(...[110, 110].map(ofBytes)).isFull).toBe(true);
});
