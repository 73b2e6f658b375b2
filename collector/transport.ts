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

// A request that hangs would hold up all events behind it. It is left to itself, not aborted: an `AbortController` for
// every request costs each page more than a second request costs the few that need one.
const TIMEOUT_MS = 20_000;

/** Key and JSON in a body of text/plain, as beacons must: no header of ours, so no preflight before the first event. */
export function createTransport(endpoint: string, pipelineKey: string): Transport {
  const url = `${endpoint}/v1/batch`;
  const bodyOf = (events: readonly QueuedEvent[]) =>
    `{"pipelineKey":${JSON.stringify(pipelineKey)},"sentAt":"${new Date().toISOString()}","batch":[${events.map((event) => event.json_)}]}`;
  const ask = async (events: readonly QueuedEvent[]): Promise<Answer> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        // The visitor's cookie is the gateway's, on another host of the same site.
        credentials: 'include',
        body: bodyOf(events),
      });
      const { anonymousId, rejected } = Object(await response.json().catch(() => {}));
      return {
        status_: response.status,
        retryAfterMs_: response.ok ? 0 : Number(response.headers.get('Retry-After')) * 1_000,
        anonymousId_: anonymousId && String(anonymousId),
        rejected_: Array.from(rejected || [], (rejection) => String(Object(rejection).messageId)),
      };
    } catch {
      return { status_: 0 };
    }
  };
  return {
    post_: (events) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, TIMEOUT_MS, { status_: 0 });
        ask(events).then((answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
      }),
    beacon_: (events) => navigator.sendBeacon(url, bodyOf(events)),
  };
}
