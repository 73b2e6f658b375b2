import type { Serde } from '../serdes/serde.ts';
import { type Windowed, windowed } from '../windowed.ts';
import { MAX_TIME, SESSION_SUFFIX, sessionEndOf, sessionKey, sessionStartOf } from './key-layout.ts';
import { committedRegister } from './register.ts';
import type { Codec, StateReader } from './state-reader.ts';

/**
 * A session store as seen from outside its tasks: what is committed, of all partitions this process owns. Sessions
 * that ended before the store's retention are not seen, as inside. `ReadOnlySessionStore` of Kafka Streams.
 */
export interface ReadOnlySessionStore<K, V> {
  /** All sessions of one key, by end, then start. */
  fetch(key: K): Promise<[Windowed<K>, V][]>;
  /** Those that end at `earliestEnd` or later and start at `latestStart` or earlier, by end, then start. */
  findSessions(key: K, earliestEnd: number, latestStart: number): Promise<[Windowed<K>, V][]>;
  /** Of the session with exactly these bounds; `null` if there is none here. */
  fetchSession(key: K, start: number, end: number): Promise<V | null>;
}

export interface QueriedSessionStore<K> {
  readonly name: string;
  readonly key: Serde<K>;
  readonly retentionMs: number;
}

/** `readers`: those of the tasks that are open now, one per partition. */
export function querySessionStore<K, V>(
  { name, key: serde, retentionMs }: QueriedSessionStore<K>,
  codec: Codec<V>,
  readers: () => readonly StateReader[],
): ReadOnlySessionStore<K, V> {
  /** The first end that is not too old for one task. */
  const firstEnd = async (reader: StateReader): Promise<number> =>
    Math.max((await committedRegister(reader, name, 'latest')) - retentionMs + 1, 0);

  const findSessions: ReadOnlySessionStore<K, V>['findSessions'] = async (key, earliestEnd, latestStart) => {
    const own = serde.serialize(key);
    const parts = await Promise.all(
      readers().map(async (reader) => {
        const first = Math.max(earliestEnd, await firstEnd(reader));
        if (first > MAX_TIME) return [];
        return reader.scan(name, { gte: sessionKey(own, 0, first), lt: sessionKey(own, 0, MAX_TIME) });
      }),
    );
    return parts.flat().flatMap(([bytes, value]): [Windowed<K>, V][] => {
      const start = sessionStartOf(bytes);
      const isOwn = bytes.length === own.length + SESSION_SUFFIX && bytes.subarray(0, own.length).equals(own);
      if (!isOwn || start > latestStart) return [];
      return [[windowed(key, start, sessionEndOf(bytes)), codec.decode(value)]];
    });
  };

  return {
    findSessions,
    fetch: (key) => findSessions(key, 0, Number.POSITIVE_INFINITY),
    async fetchSession(key, start, end) {
      const wanted = sessionKey(serde.serialize(key), start, end);
      const parts = await Promise.all(
        readers().map(async (reader) => {
          if (end < (await firstEnd(reader))) return [];
          return reader.getMany(name, [wanted]);
        }),
      );
      const found = parts.flat().find((value) => value !== null);
      return found === undefined || found === null ? null : codec.decode(found);
    },
  };
}
