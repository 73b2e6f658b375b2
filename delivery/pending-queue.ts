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
  #items: Pending[] = [];
  /** Index of the front. What lies before it is cut off now and then: doing so each time would copy the queue for every
   * request of a vendor that takes events one by one. */
  #front = 0;
  #bytes = 0;

  constructor(limits: DeliveryLimits) {
    this.#limits = limits;
  }

  /** Enough for two more requests: reading further ahead would only cost memory. */
  get isFull(): boolean {
    const { maxItems, maxBytes } = this.#limits;
    return this.#length >= Math.max(2 * maxItems, MIN_BUFFERED) || this.#bytes >= 2 * maxBytes;
  }

  /** Enough for one request: there is nothing to wait for. */
  get fillsRequest(): boolean {
    return this.#length >= this.#limits.maxItems || this.#bytes >= this.#room;
  }

  get oldestArrival(): number | undefined {
    return this.#items[this.#front]?.arrivedAt;
  }

  push(pending: Pending): void {
    this.#items.push(pending);
    if (pending.kind === 'request') this.#bytes += pending.bytes;
  }

  head(): Head {
    const first = this.#items[this.#front];
    if (first === undefined) return { kind: 'empty' };
    if (first.kind === 'unreadable') return { kind: 'unreadable', pending: first };
    if (first.bytes > this.#room) return { kind: 'too-large', pending: first };
    const members: [PendingRequest, ...PendingRequest[]] = [first];
    let bytes = first.bytes;
    for (const item of this.#items.slice(this.#front + 1, this.#front + this.#limits.maxItems)) {
      if (item.kind === 'unreadable' || bytes + item.bytes > this.#room) break;
      members.push(item);
      bytes += item.bytes;
    }
    return { kind: 'batch', members };
  }

  /** Removes the first `count`. */
  shift(count: number): void {
    const end = this.#front + count;
    for (const item of this.#items.slice(this.#front, end))
      if (item.kind === 'request') this.#bytes -= item.bytes;
    this.#front = end;
    if (this.#front < MIN_BUFFERED && this.#length > 0) return;
    this.#items = this.#items.slice(this.#front);
    this.#front = 0;
  }

  get #length(): number {
    return this.#items.length - this.#front;
  }

  /** For items, in the body of one request. */
  get #room(): number {
    return this.#limits.maxBytes - this.#limits.envelopeBytes;
  }
}
