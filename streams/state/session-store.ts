import type { Register } from '../processor.ts';
import type { Serde } from '../serdes/serde.ts';
import { type Windowed, windowed } from '../windowed.ts';
import {
  MAX_TIME,
  queueKey,
  readTime,
  SESSION_SUFFIX,
  sessionEndOf,
  sessionKey,
  sessionStartOf,
} from './key-layout.ts';
import { querySessionStore } from './session-query.ts';
import type { StateBuffer } from './state-buffer.ts';
import {
  MIN_SWEEP_STEP_MS,
  type StoreBuilder,
  type StoreContext,
  type StoreOptions,
  type StoreQuery,
  storeBasics,
} from './store.ts';
import { valueCodec } from './value-and-timestamp.ts';

/**
 * Values by key and session, whose bounds are both inclusive. A session whose end is older than `retentionMs`, against
 * the latest end ever put or removed, is not seen any more, and is deleted after a while.
 */
export interface SessionStore<K, V> {
  readonly name: string;
  readonly retentionMs: number;
  /** The sessions of a key that end at `earliestEnd` or later and start at `latestStart` or earlier, in order of
   * end, then start. */
  findSessions(key: K, earliestEnd: number, latestStart: number): [Windowed<K>, V][];
  fetchSession(key: K, start: number, end: number): V | null;
  put(session: Windowed<K>, value: V): void;
  remove(session: Windowed<K>): void;
  /** All sessions of one key. */
  fetch(key: K): [Windowed<K>, V][];
  /** The whole store is read. */
  all(): [Windowed<K>, V][];
}

export interface SessionStoreOptions<K, V> extends StoreOptions {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly retentionMs: number;
}

/** `Stores.sessionStoreBuilder` of Kafka Streams. */
export function sessionStore<K, V>(options: SessionStoreOptions<K, V>): StoreBuilder<SessionStore<K, V>> {
  return {
    ...storeBasics(options),
    prefetch: (key, _timestamp, request) => request.group(options.key.serialize(key as K)),
    build: (context) => new BufferedSessionStore(options, context, false),
    query: queryOf(options),
  };
}

export interface ClosingSessionStore<K, V> extends SessionStore<K, V> {
  /** Visits, in order of end, start and key, the sessions that end at `latestEnd` or earlier and were not visited
   * as they are now. */
  closeUntil(latestEnd: number, visit: (session: Windowed<K>, value: V) => void): void;
}

const CLOSING = 'closing';

/** A session store that also keeps its sessions in order of their ends, until they were visited. */
export function closingSessionStore<K, V>(
  options: SessionStoreOptions<K, V>,
): StoreBuilder<ClosingSessionStore<K, V>> {
  return {
    ...storeBasics(options, [CLOSING]),
    prefetch(key, _timestamp, request) {
      request.group(options.key.serialize(key as K));
      request.group(NOTHING, CLOSING);
    },
    build: (context) => new BufferedSessionStore(options, context, true),
    query: queryOf(options),
  };
}

const queryOf = <K, V>(options: SessionStoreOptions<K, V>): StoreQuery => ({
  kind: 'session',
  over: (readers) => querySessionStore(options, valueCodec(options.value), readers),
});

const NOTHING = Buffer.alloc(0);

class BufferedSessionStore<K, V> implements ClosingSessionStore<K, V> {
  readonly name: string;
  readonly retentionMs: number;
  private readonly key: Serde<K>;
  private readonly buffer: StateBuffer<V>;
  private readonly closing: StateBuffer<Buffer> | undefined;
  private readonly latest: Register;

  constructor(options: SessionStoreOptions<K, V>, context: StoreContext, closing: boolean) {
    this.name = options.name;
    this.key = options.key;
    this.retentionMs = options.retentionMs;
    this.latest = context.register('latest');
    this.buffer = context.buffer({ codec: valueCodec(options.value), groupSuffix: SESSION_SUFFIX });
    this.closing = closing
      ? context.buffer({ codec: asTheyAre, groupSuffix: Number.POSITIVE_INFINITY, part: CLOSING })
      : undefined;
    context.expire({
      buffer: this.buffer as StateBuffer<unknown>,
      time: this.latest,
      step: Math.max(this.retentionMs / 2, MIN_SWEEP_STEP_MS),
      isExpired: (key) => this.isHidden(sessionEndOf(key)),
    });
  }

  findSessions(key: K, earliestEnd: number, latestStart: number): [Windowed<K>, V][] {
    const first = Math.max(earliestEnd, this.latest.get() - this.retentionMs + 1, 0);
    const prefix = this.key.serialize(key);
    const entries = this.buffer.groups?.range(
      prefix,
      sessionKey(prefix, 0, first),
      sessionKey(prefix, 0, MAX_TIME),
    );
    const found: [Windowed<K>, V][] = [];
    for (const [bytes, value] of entries ?? []) {
      const start = sessionStartOf(bytes);
      if (start <= latestStart) found.push([windowed(key, start, sessionEndOf(bytes)), value]);
    }
    return found;
  }

  fetchSession(key: K, start: number, end: number): V | null {
    return this.isHidden(end) ? null : this.buffer.get(sessionKey(this.key.serialize(key), start, end));
  }

  put({ key, window }: Windowed<K>, value: V): void {
    if (window.end > this.latest.get()) this.latest.set(window.end);
    else if (this.isHidden(window.end)) return;
    const prefix = this.key.serialize(key);
    this.buffer.put(sessionKey(prefix, window.start, window.end), value);
    this.closing?.put(closingKey(prefix, window.start, window.end), NOTHING);
  }

  remove({ key, window }: Windowed<K>): void {
    if (window.end > this.latest.get()) this.latest.set(window.end);
    const prefix = this.key.serialize(key);
    this.buffer.put(sessionKey(prefix, window.start, window.end), null);
    this.closing?.put(closingKey(prefix, window.start, window.end), null);
  }

  fetch(key: K): [Windowed<K>, V][] {
    return this.findSessions(key, 0, Number.POSITIVE_INFINITY);
  }

  all(): [Windowed<K>, V][] {
    return this.buffer.range({}).flatMap(([bytes, value]): [Windowed<K>, V][] => {
      const end = sessionEndOf(bytes);
      if (this.isHidden(end)) return [];
      const key = this.key.deserialize(bytes.subarray(0, bytes.length - SESSION_SUFFIX));
      return [[windowed(key, sessionStartOf(bytes), end), value]];
    });
  }

  closeUntil(latestEnd: number, visit: (session: Windowed<K>, value: V) => void): void {
    const closed: Buffer[] = [];
    this.closing?.groups?.walk((bytes) => {
      if (readTime(bytes, 0) > latestEnd) return false;
      closed.push(bytes);
      return true;
    });
    if (closed.length === 0) return;
    const stored = closed.map((bytes) =>
      sessionKey(bytes.subarray(16), readTime(bytes, 8), readTime(bytes, 0)),
    );
    this.buffer.require(stored);
    closed.forEach((bytes, index) => {
      const value = this.buffer.get(stored[index] as Buffer);
      this.closing?.put(bytes, null);
      const session = windowed(
        this.key.deserialize(bytes.subarray(16)),
        readTime(bytes, 8),
        readTime(bytes, 0),
      );
      if (value !== null) visit(session, value);
    });
  }

  private isHidden(end: number): boolean {
    return end <= this.latest.get() - this.retentionMs;
  }
}

const asTheyAre = { encode: (bytes: Buffer): Buffer => bytes, decode: (bytes: Buffer): Buffer => bytes };

const closingKey = (key: Buffer, start: number, end: number): Buffer => queueKey(end, queueKey(start, key));
