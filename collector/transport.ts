import type { QueuedEvent } from './queue.ts';

export interface Answer {
  /** HTTP status; 0 where there was no answer. */
  readonly status_: number;
  /** How long the gateway asks to be left alone, ms; 0 or not a number where it does not say in seconds. */
  readonly retryAfterMs_?: number | undefined;
  /** Whom the gateway took the visitor for. */
  readonly anonymousId_?: string | undefined;
  /** The messageIds of events it refused while it took the others. */
  readonly rejected_?: readonly string[];
}

export interface Transport {
  /** Does not reject. */
  post_(events: readonly QueuedEvent[]): Promise<Answer>;
  /** For a page that is going away; true when the browser has taken it over, which is all one can know. */
  beacon_(events: readonly QueuedEvent[]): boolean;
}

// A request that hangs would hold up all events behind it.
const TIMEOUT_MS = 20_000;

/** Key and JSON in a body of text/plain, as beacons must: no header of ours, so no preflight before the first event. */
export function createTransport(endpoint: string, pipelineKey: string): Transport {
  const url = `${endpoint}/v1/batch`;
  const bodyOf = (events: readonly QueuedEvent[]) =>
    `{"pipelineKey":${JSON.stringify(pipelineKey)},"sentAt":"${new Date().toISOString()}","batch":[${events.map((event) => event.json_)}]}`;
  return {
    async post_(events) {
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
      try {
        const response = await fetch(url, {
          method: 'POST',
          // The visitor's cookie is the gateway's, on another host of the same site.
          credentials: 'include',
          body: bodyOf(events),
          signal: abort.signal,
        });
        const { anonymousId, rejected } = Object(await response.json().catch(() => 0));
        return {
          status_: response.status,
          retryAfterMs_: Number(response.headers.get('Retry-After')) * 1_000,
          anonymousId_: anonymousId && String(anonymousId),
          rejected_: Array.from(rejected || [], (rejection) => String(Object(rejection).messageId)),
        };
      } catch {
        return { status_: 0 };
      } finally {
        clearTimeout(timer);
      }
    },
    beacon_: (events) => navigator.sendBeacon(url, bodyOf(events)),
  };
}
