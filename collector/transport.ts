import type { QueuedEvent } from './queue.ts';

export interface Answer {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** How long the gateway asks to be left alone, ms. */
  readonly retryAfterMs?: number | undefined;
  /** Whom the gateway took the visitor for. */
  readonly anonymousId?: string | undefined;
  /** The messageIds of events it refused while it took the others. */
  readonly rejected?: readonly string[];
}

export interface Transport {
  /** Does not reject. */
  post(events: readonly QueuedEvent[]): Promise<Answer>;
  /** For a page that is going away; true when the browser has taken it over, which is all one can know. */
  beacon(events: readonly QueuedEvent[]): boolean;
}

// A request that hangs would hold up all events behind it.
const TIMEOUT_MS = 20_000;

export function createTransport(endpoint: string, pipelineKey: string): Transport {
  const url = `${endpoint}/v1/batch`;
  const body = (events: readonly QueuedEvent[], extra = '') =>
    `{"batch":[${events.map((event) => event.json).join()}],"sentAt":"${new Date().toISOString()}"${extra}}`;
  return {
    async post(events) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
      try {
        const response = await fetch(url, {
          method: 'POST',
          // The visitor's cookie is the gateway's, on another host of the same site.
          credentials: 'include',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${pipelineKey}` },
          body: body(events),
          signal: abort.signal,
        });
        const retryAfterMs = readRetryAfter(response.headers.get('Retry-After'), Date.now());
        const { anonymousId, rejected } = Object(await response.json().catch(() => 0));
        return {
          status: response.status,
          retryAfterMs,
          anonymousId: anonymousId && String(anonymousId),
          rejected: Array.from(rejected || [], (rejection) => String(Object(rejection).messageId)),
        };
      } catch {
        return { status: 0 };
      } finally {
        clearTimeout(timer);
      }
    },
    beacon(events) {
      // A beacon has no headers, so the key is in the body; text/plain spares it a preflight it has no time for.
      return navigator.sendBeacon(url, body(events, `,"pipelineKey":${JSON.stringify(pipelineKey)}`));
    },
  };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const ms = Number(header) * 1_000 || Date.parse(header || '') - now;
  return ms > 0 ? ms : undefined;
}
