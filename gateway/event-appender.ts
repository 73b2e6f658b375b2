import type { Logger } from 'pino';
import { HEADERS, type RawEvent } from '../schemas/index.ts';
import { LogError, type OutgoingRecord } from '../streams/index.ts';
import { type Refusal, refuse } from './errors.ts';
import type { EventStore } from './event-store.ts';
import type { GatewayMetrics } from './metrics.ts';
import { isObject } from './normalise/fields.ts';
import { type Envelope, type EventProblem, normalise } from './normalise/normalise.ts';
import type { GatewaySource } from './sources.ts';

export const RAW_EVENTS_TOPIC = 'raw-events';

/** The events of one request, of whatever kind of request. */
export interface Incoming {
  readonly source: GatewaySource;
  /** The route it came by, for the metrics. */
  readonly endpoint: string;
  readonly configVersion: number;
  readonly inputs: readonly unknown[];
  readonly envelope: Envelope;
  /** Size of the request, counted against the limit on what may wait. */
  readonly bytes: number;
}

export interface Rejection {
  readonly index: number;
  readonly messageId?: string;
  readonly error: EventProblem;
}

export interface Appended {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  readonly lastAnonymousId: string | null;
}

export interface EventAppenderDeps {
  readonly log: EventStore;
  readonly rawEventSerde: { serialize(event: RawEvent): Buffer };
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  readonly maxPendingBytes: number;
}

/** The way of every event from request to log, the same for every endpoint. */
export class EventAppender {
  readonly #deps: EventAppenderDeps;
  #pendingBytes = 0;
  #state: 'up' | 'down' = 'up';

  constructor(deps: EventAppenderDeps) {
    this.#deps = deps;
    deps.metrics.observePendingBytes(() => this.#pendingBytes);
  }

  /**
   * Resolves when the log has every event counted as accepted; then, and only then, they may be acknowledged.
   * Bad events do not hold up good ones. Nothing of `incoming` is held after it has returned.
   */
  append(incoming: Incoming): Promise<Appended | Refusal> {
    const { metrics, maxPendingBytes } = this.#deps;
    const { bytes, inputs } = incoming;
    const labels = { source: incoming.source.id, endpoint: incoming.endpoint };
    if (this.#pendingBytes + bytes > maxPendingBytes) {
      metrics.rejected.inc({ ...labels, reason: 'OVERLOADED' }, inputs.length);
      return Promise.resolve(refuse('OVERLOADED'));
    }
    const { records, rejected, lastAnonymousId } = this.#toRecords(incoming);
    for (const { error } of rejected) metrics.rejected.inc({ ...labels, reason: error.code });
    const appended = { accepted: records.length, rejected, lastAnonymousId };
    return records.length === 0 ? Promise.resolve(appended) : this.#store(records, bytes, labels, appended);
  }

  #toRecords({ source, configVersion, inputs, envelope }: Incoming) {
    const { receivedAt } = envelope;
    const records: OutgoingRecord[] = [];
    const rejected: Rejection[] = [];
    let lastAnonymousId: string | null = null;
    for (const [index, input] of inputs.entries()) {
      const result = normalise(input, envelope);
      if ('error' in result) {
        rejected.push(rejection(index, input, result.error));
        continue;
      }
      const event = result.ok;
      lastAnonymousId = event.anonymousId;
      records.push({
        topic: RAW_EVENTS_TOPIC,
        key: Buffer.from(event.anonymousId),
        value: this.#deps.rawEventSerde.serialize({ event, receivedAt, sourceId: source.id, configVersion }),
        timestamp: receivedAt,
        headers: [[HEADERS.messageId, Buffer.from(event.messageId)]],
      });
    }
    return { records, rejected, lastAnonymousId };
  }

  async #store(
    records: readonly OutgoingRecord[],
    bytes: number,
    labels: { readonly source: string; readonly endpoint: string },
    appended: Appended,
  ): Promise<Appended | Refusal> {
    const { log, metrics } = this.#deps;
    this.#pendingBytes += bytes;
    const started = performance.now();
    try {
      await log.append(records);
    } catch (error) {
      const refusal = this.#refusalOf(error);
      metrics.rejected.inc({ ...labels, reason: refusal.refused }, records.length);
      return refusal;
    } finally {
      this.#pendingBytes -= bytes;
    }
    metrics.appendSeconds.observe((performance.now() - started) / 1000);
    metrics.accepted.inc(labels, records.length);
    this.#logState('up');
    return appended;
  }

  #refusalOf(error: unknown): Refusal {
    if (error instanceof LogError && error.code === 'RECORD_TOO_LARGE') {
      return refuse('PAYLOAD_TOO_LARGE', 'one of its events is larger than the log takes');
    }
    this.#logState('down', error);
    return refuse('LOG_UNAVAILABLE');
  }

  /** One line per change, not one per request: an outage must not flood the log lines it should stand out in. */
  #logState(state: 'up' | 'down', error?: unknown): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'up') this.#deps.logger.info('the log takes events again');
    else
      this.#deps.logger.error(
        { err: error },
        'the log does not take events; their senders are told to try again',
      );
  }
}

function rejection(index: number, input: unknown, error: EventProblem): Rejection {
  const messageId = isObject(input) ? input.messageId : undefined;
  return typeof messageId === 'string' ? { index, messageId, error } : { index, error };
}
