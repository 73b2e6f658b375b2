import type { RestoreProgress, StoreSpec, TopicPartition } from '../log.ts';
import type { LocalStore } from './local-store.ts';
import type { PartitionReader } from './reader.ts';
import type { Topics } from './topics.ts';

/**
 * A compacted changelog forgets that a key was deleted after a day (`delete.retention.ms`). A store that was away for
 * longer could keep the key for ever, so it begins anew, well before.
 */
const STALE_AFTER_MS = 12 * 60 * 60 * 1000;

export interface RestoreContext {
  readonly task: string;
  readonly local: LocalStore;
  readonly reader: PartitionReader;
  readonly topics: Topics;
  readonly onRestore: (progress: RestoreProgress) => void;
}

/** Brings a store up to the end of its changelog, from what of it the store contains already. */
export async function restoreStore({ name, changelog }: StoreSpec, context: RestoreContext): Promise<void> {
  if (changelog === undefined) return;
  const { local, reader } = context;
  const { start, end } = await boundsOf(changelog, context.topics);
  let from = await usablePosition(name, local, start, end);
  if (from === undefined) {
    await local.clear(name);
    from = start;
  }
  const began = performance.now();
  let next = from;
  let restored = 0;
  const report = (): void => {
    const recordsPerSecond = Math.round(restored / Math.max(0.001, (performance.now() - began) / 1000));
    context.onRestore({ task: context.task, store: name, restored, remaining: end - next, recordsPerSecond });
  };
  for await (const records of reader.read({ ...changelog, from, to: end })) {
    next = (records.at(-1)?.offset ?? next) + 1;
    await local.restore(name, records, { offset: next, at: Date.now() });
    restored += records.length;
    report();
  }
  if (next === end) return;
  // What is left are marks of transactions.
  next = end;
  await local.restore(name, [], { offset: next, at: Date.now() });
  if (restored > 0) report();
}

/** Where to go on in the changelog; undefined if the store is of no use. */
async function usablePosition(
  store: string,
  local: LocalStore,
  start: number,
  end: number,
): Promise<number | undefined> {
  const position = await local.position(store);
  if (position === undefined || position.offset < start || position.offset > end) return undefined;
  return Date.now() - position.at > STALE_AFTER_MS ? undefined : position.offset;
}

async function boundsOf(
  { topic, partition }: TopicPartition,
  topics: Topics,
): Promise<{ readonly start: number; readonly end: number }> {
  const offsets = (await topics.offsets(topic))[partition];
  return { start: offsets?.start ?? 0, end: offsets?.end ?? 0 };
}
