import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigProjection } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type Log, LogError, type Serde, type StoredRecord, UnknownSchemaId } from '../../streams/index.ts';
import { CONFIG_TOPICS } from './topics.ts';

export interface ConfigFollower {
  /** Resolves when all that was in the log at the start is applied. Rejects if it cannot be. */
  readonly caughtUp: Promise<void>;
  /** Resolves after `signal` was aborted; rejects when following broke: the configuration is stale from then on. */
  readonly done: Promise<void>;
}

const RETRY_MS = 1000;

/** Keeps `projection`, an empty one, at the end of config-events until `signal` aborts. */
export function followConfig(
  log: Log,
  serde: Serde<ConfigEvent>,
  projection: ConfigProjection,
  signal: AbortSignal,
): ConfigFollower {
  const topic = { topic: CONFIG_TOPICS.events, partition: 0 };
  let next = 0;

  async function apply(chunks: AsyncIterable<readonly StoredRecord[]>): Promise<void> {
    for await (const records of chunks) {
      for (const record of records) {
        next = record.offset + 1;
        if (record.value !== null) projection.apply(await decode(serde, record.value));
      }
    }
  }

  /** While the log cannot be reached nothing is written to it either, so nothing is missed by waiting. */
  async function follow(): Promise<void> {
    for (;;) {
      try {
        return await apply(log.read({ ...topic, from: next, follow: true, signal }));
      } catch (error) {
        if (!(error instanceof LogError) || error.code !== 'UNAVAILABLE') throw error;
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  const caughtUp = apply(log.read({ ...topic, from: 0, signal }));
  const done = caughtUp.then(follow);
  // Whoever cares awaits them; one left unheard must not end the process.
  caughtUp.catch(() => {});
  done.catch(() => {});
  return { caughtUp, done };
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
