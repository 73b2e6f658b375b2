import type { DeliveryLimits } from '../integrations/index.ts';
import type { DeliveryRequest } from '../schemas/index.ts';
import type { StoredRecord } from '../streams/index.ts';

/** A record that has been read and belongs to no batch yet. */
export type Pending = {
  readonly record: StoredRecord;
  readonly arrivedAt: number;
} & (
  | { readonly kind: 'request'; readonly request: DeliveryRequest; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly error: Error }
);

export type PendingRequest = Extract<Pending, { kind: 'request' }>;

/** How the front of the queue is to be dealt with. */
export type Head =
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable'; readonly pending: Extract<Pending, { kind: 'unreadable' }> }
  | { readonly kind: 'too-large'; readonly pending: PendingRequest }
  | { readonly kind: 'batch'; readonly members: readonly [PendingRequest, ...PendingRequest[]] };

/** Enough to keep vendors that take one event per request busy. */
const MIN_BUFFERED = 256;

/** The records of one partition in order, cut into batches from the front. */
export class PendingQueue {
  readonly #limits: DeliveryLimits;
  readonly #items: Pending[] = [];
  #bytes = 0;

  constructor(limits: DeliveryLimits) {
    this.#limits = limits;
  }

  /** Enough for two more requests: reading further ahead would only cost memory. */
  get isFull(): boolean {
    const { maxItems, maxBytes } = this.#limits;
    return this.#items.length >= Math.max(2 * maxItems, MIN_BUFFERED) || this.#bytes >= 2 * maxBytes;
  }

  /** Enough for one request: there is nothing to wait for. */
  get fillsRequest(): boolean {
    return this.#items.length >= this.#limits.maxItems || this.#bytes >= this.#room;
  }

  get oldestArrival(): number | undefined {
    return this.#items[0]?.arrivedAt;
  }

  push(pending: Pending): void {
    this.#items.push(pending);
    if (pending.kind === 'request') this.#bytes += pending.bytes;
  }

  head(): Head {
    const [first] = this.#items;
    if (first === undefined) return { kind: 'empty' };
    if (first.kind === 'unreadable') return { kind: 'unreadable', pending: first };
    if (first.bytes > this.#room) return { kind: 'too-large', pending: first };
    const members: [PendingRequest, ...PendingRequest[]] = [first];
    let bytes = first.bytes;
    for (const item of this.#items.slice(1, this.#limits.maxItems)) {
      if (item.kind === 'unreadable' || bytes + item.bytes > this.#room) break;
      members.push(item);
      bytes += item.bytes;
    }
    return { kind: 'batch', members };
  }

  /** Removes the first `count`. */
  shift(count: number): void {
    for (const item of this.#items.splice(0, count)) if (item.kind === 'request') this.#bytes -= item.bytes;
  }

  /** For items, in the body of one request. */
  get #room(): number {
    return this.#limits.maxBytes - this.#limits.envelopeBytes;
  }
}
