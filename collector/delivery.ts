import type { Queue, QueuedEvent } from './queue.ts';
import type { Answer, Transport } from './transport.ts';

export interface DeliveryOptions {
  readonly queue_: Queue;
  readonly transport_: Transport;
  /** Most events in one request. */
  readonly batchSize: number;
  /** How long an event waits for others, ms. */
  readonly flushInterval: number;
  /** The gateway has taken or refused a batch, and it has left the queue. */
  readonly onAnswer_: (answer: Answer, events: readonly QueuedEvent[]) => void;
  /** A batch failed, and waits; whoever can tell when the network is back is to call `retry_`. */
  readonly onFailure_: () => void;
  /** In [0, 1). */
  readonly random_: () => number;
  /** Whether there may be a network. */
  readonly online_: () => boolean;
  /** Runs it when no other tab is at it. */
  readonly alone_: (run: () => Promise<void>) => Promise<void>;
}

export interface Delivery {
  /** Something was queued: sends when a batch is full or has waited long enough. */
  wake_(): void;
  /** Sends all that is queued, now; resolves when it is sent, or when the gateway cannot take it yet. */
  flush_(): Promise<void>;
  /** The network is back: what failed may be tried at once. */
  retry_(): void;
  /** The page is going away: hands what it has queued to the browser, and keeps what may not arrive. */
  leave_(): void;
}

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;
// Longer than this is until another page loads; beyond 24 days setTimeout would even fire at once.
const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * One request at a time, so events arrive in order, until none waits. A batch leaves the queue when it was answered, not before. The
 * queue is all tabs': the one that is sending sends for all of them, and a tab that dies leaves its turn to the next.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { queue_: queue, transport_: transport, batchSize, flushInterval } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let sent: Promise<void> = Promise.resolve();
  let failures = 0;
  let inFlight: readonly string[] = [];
  const beaconed = new Set<string>();
  const keysOf = (events: readonly QueuedEvent[]) => events.map((event) => event.key_);

  const sendIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(send, ms);
  };
  const send = (): Promise<void> => {
    if (!sending) {
      sending = true;
      clearTimeout(timer);
      timer = undefined;
      sent = options.alone_(run);
    }
    return sent;
  };
  const run = async () => {
    do {
      const batch = queue.head_(batchSize);
      if (!batch.length) break;
      inFlight = keysOf(batch);
      const answer: Answer = options.online_() ? await transport.post_(batch) : { status_: 0 };
      inFlight = [];
      if (mayRetry(answer.status_)) {
        const asked = Math.min(answer.retryAfterMs_ || 0, RETRY_AFTER_MAX_MS);
        sendIn(Math.max(asked, backoff(failures++, options.random_())));
        options.onFailure_();
        break;
      }
      failures = 0;
      queue.remove_(batch);
      options.onAnswer_(answer, batch);
    } while (queue.size_());
    sending = false;
  };

  return {
    wake_() {
      if (sending || failures) return;
      if (queue.size_() >= batchSize) send();
      else if (!timer) sendIn(flushInterval);
    },
    flush_() {
      return failures ? Promise.resolve() : send();
    },
    retry_() {
      failures = 0;
      send();
    },
    leave_() {
      // A beacon sent while requests fail, or offline, is likely lost, and nobody will be told.
      const trusted = !failures && options.online_();
      const waiting = queue.head_(0, true).filter((event) => !beaconed.has(event.key_));
      // Browsers take some 64 KB of beacons at a time: the oldest by halves, and the next page sends the rest.
      for (let count = waiting.length; count; count >>= 1) {
        const handed = waiting.slice(0, count);
        if (!transport.beacon_(handed)) continue;
        for (const key of keysOf(handed)) beaconed.add(key);
        if (trusted) queue.remove_(handed.filter((event) => !inFlight.includes(event.key_)));
        return;
      }
    },
  };
}

function mayRetry(status: number): boolean {
  return !status || status === 408 || status === 429 || status >= 500;
}

/** Doubles with each failure; half of it is random, so that browsers do not come back all at once. */
export function backoff(failures: number, random: number): number {
  return Math.min(BACKOFF_BASE_MS * 2 ** failures, BACKOFF_MAX_MS) * (0.5 + random / 2);
}
