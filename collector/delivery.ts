import type { Queue, QueuedEvent } from './queue.ts';
import type { Answer, Transport } from './transport.ts';

export interface DeliveryOptions {
  readonly queue: Queue;
  readonly transport: Transport;
  /** Most events in one request. */
  readonly batchSize: number;
  /** How long an event waits for others, ms. */
  readonly flushInterval: number;
  /** The gateway has taken or refused a batch, and it has left the queue. */
  readonly onAnswer: (answer: Answer, events: readonly QueuedEvent[]) => void;
  /** In [0, 1). */
  readonly random: () => number;
  /** Whether there may be a network. */
  readonly online: () => boolean;
}

export interface Delivery {
  /** Something was queued: sends when a batch is full or has waited long enough. */
  wake(): void;
  /** Sends all that is queued, now; resolves when it is sent, or when the gateway cannot take it yet. */
  flush(): Promise<void>;
  /** The page is going away: hands what is queued to the browser, and keeps what may not arrive. */
  leave(): void;
}

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;
// Longer than this is until another page loads; beyond 24 days setTimeout would even fire at once.
const RETRY_AFTER_MAX_MS = 3_600_000;

/** One request at a time, so events arrive in order. A batch leaves the queue when it was answered, not before. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { queue, transport, batchSize, flushInterval } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let sent: Promise<void> = Promise.resolve();
  let draining = false;
  let failures = 0;
  let inFlight: readonly QueuedEvent[] = [];
  const beaconed = new Set<QueuedEvent>();

  const sendIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  };
  const send = (): Promise<void> => {
    if (!sending) sent = run();
    return sent;
  };
  const run = async () => {
    sending = true;
    clearTimeout(timer);
    timer = undefined;
    let wait = flushInterval;
    let batch = queue.head(batchSize);
    while (batch.length) {
      inFlight = batch;
      const answer = await transport.post(batch);
      inFlight = [];
      if (mayRetry(answer.status)) {
        const asked = Math.min(answer.retryAfterMs || 0, RETRY_AFTER_MAX_MS);
        wait = Math.max(asked, backoff(failures++, options.random()));
        break;
      }
      failures = 0;
      queue.remove(batch);
      options.onAnswer(answer, batch);
      batch = draining || queue.size >= batchSize ? queue.head(batchSize) : [];
    }
    draining = false;
    sending = false;
    if (queue.size) sendIn(wait);
  };

  return {
    wake() {
      if (sending || failures || !queue.size) return;
      if (queue.size >= batchSize) send();
      else if (timer === undefined) sendIn(flushInterval);
    },
    flush() {
      if (failures) return Promise.resolve();
      draining = true;
      return send();
    },
    leave() {
      // A beacon sent while requests fail, or offline, is likely lost, and nobody will be told.
      const trusted = failures === 0 && options.online();
      const waiting = queue.head(queue.size).filter((event) => !beaconed.has(event));
      const hand = (events: readonly QueuedEvent[]): boolean => {
        if (transport.beacon(events)) {
          for (const event of events) beaconed.add(event);
          if (trusted) queue.remove(events.filter((event) => !inFlight.includes(event)));
          return true;
        }
        // Browsers take some 64 KB of beacons at a time: as much as goes in, oldest first.
        const half = events.length >> 1;
        return half > 0 && hand(events.slice(0, half)) && hand(events.slice(half));
      };
      if (waiting.length) hand(waiting);
    },
  };
}

function mayRetry(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Doubles with each failure; half of it is random, so that browsers do not come back all at once. */
export function backoff(failures: number, random: number): number {
  return Math.min(BACKOFF_BASE_MS * 2 ** failures, BACKOFF_MAX_MS) * (0.5 + random / 2);
}
