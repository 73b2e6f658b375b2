import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { ConfigProjection } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type Log, LogError, type Serde, type StoredRecord, UnknownSchemaId } from '../../streams/index.ts';
import { CONFIG_TOPICS } from './topics.ts';

export interface ConfigFollower {
  /** Resolves when all that was in the log at the start is applied. Rejects if it cannot be. */
  readonly caughtUp: Promise<void>;
  /** Resolves after `signal` was aborted; rejects when following broke: the configuration is stale from then on. */
  readonly done: Promise<void>;
  /** The record of the last event that is applied; undefined before the first. */
  last(): LastRecord | undefined;
}

export interface LastRecord {
  readonly offset: number;
  readonly value: Buffer;
}

const RETRY_MS = 1000;
const TOPIC = { topic: CONFIG_TOPICS.events, partition: 0 } as const;

/** Keeps `projection` at the end of config-events until `signal` aborts. It is an empty one; or it begins with a
 * snapshot, and `after` is the record of the last event in that. */
export function followConfig(
  log: Pick<Log, 'read'>,
  serde: Serde<ConfigEvent>,
  projection: Pick<ConfigProjection, 'apply'>,
  signal: AbortSignal,
  after?: LastRecord,
): ConfigFollower {
  let last = after;
  const next = (): number => (last === undefined ? 0 : last.offset + 1);

  async function apply(chunks: AsyncIterable<readonly StoredRecord[]>): Promise<void> {
    for await (const records of chunks) {
      for (const { value, offset } of records) {
        if (value === null) continue;
        projection.apply(await decode(serde, value));
        last = { offset, value };
      }
    }
  }

  /** While the log cannot be reached nothing is written to it either, so nothing is missed by waiting. */
  async function follow(): Promise<void> {
    for (;;) {
      try {
        return await apply(log.read({ ...TOPIC, from: next(), follow: true, signal }));
      } catch (error) {
        if (!(error instanceof LogError) || error.code !== 'UNAVAILABLE') throw error;
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  const caughtUp = apply(log.read({ ...TOPIC, from: next(), signal }));
  const done = caughtUp.then(follow);
  // Whoever cares awaits them; one left unheard must not end the process.
  caughtUp.catch(() => {});
  done.catch(() => {});
  return { caughtUp, done, last: () => last };
}

/** Events folded in one go: others wait for so long. */
const SLICE = 50;

/** Gives a projection that begins with a snapshot the events in that, in the background. Resolves when it has them, or
 * `signal` aborts; rejects with a `SnapshotDiffers` if they come to something else. */
export async function loadHistory(
  log: Pick<Log, 'read'>,
  serde: Serde<ConfigEvent>,
  projection: Pick<ConfigProjection, 'applyEarly' | 'hasHistory'>,
  signal: AbortSignal,
): Promise<void> {
  let count = 0;
  for await (const records of log.read({ ...TOPIC, from: 0, signal }))
    for (const { value } of records) {
      if (projection.hasHistory || signal.aborted) return;
      if (value !== null) projection.applyEarly(await decode(serde, value));
      if (++count % SLICE === 0) await setImmediate();
    }
}

/** Decodes, loading the writer's schema first if it is new here. */
export async function decode<T>(serde: Serde<T>, bytes: Buffer): Promise<T> {
  try {
    return serde.deserialize(bytes);
  } catch (error) {
    if (!(error instanceof UnknownSchemaId)) throw error;
    await error.load();
    return serde.deserialize(bytes);
  }
}
