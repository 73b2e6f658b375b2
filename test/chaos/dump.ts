import type { Log, StoredRecord } from '../../streams/index.ts';
import { OUTPUTS, STORES } from './topology.ts';
import { APPLICATION } from './worker.ts';

/** Everything an application has brought about. */
export interface Dump {
  /** Per topic and key, the values sent: in order where the order is determined by the input, else sorted. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Per store, its entries in hexadecimal. */
  readonly stores: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const PARTITIONS = 4;
const IN_ORDER = 'totals';

export async function dump(log: Log): Promise<Dump> {
  const outputs: Record<string, Record<string, string[]>> = {};
  for (const topic of OUTPUTS) {
    const values: Record<string, string[]> = {};
    for (const { key, value } of await readAll(log, topic)) {
      const list = values[key?.toString() ?? ''] ?? [];
      values[key?.toString() ?? ''] = list;
      list.push(value?.toString() ?? '');
    }
    if (topic !== IN_ORDER) for (const list of Object.values(values)) list.sort();
    outputs[topic] = values;
  }
  return { outputs, stores: await dumpStores(log) };
}

/** What the tasks hold; on Kafka, after they were restored where that is needed. */
export async function dumpStores(log: Log): Promise<Dump['stores']> {
  const stores: Record<string, Record<string, string>> = {};
  for (const store of STORES) {
    const entries: Record<string, string> = {};
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for (const id of await taskIds(log, store, partition)) {
        const changelog = { topic: `${APPLICATION}-${store}-changelog`, partition };
        const task = await log.openTask({
          id,
          group: APPLICATION,
          partitions: [],
          stores: [log.kind === 'kafka' ? { name: store, changelog } : { name: store }],
        });
        for (const [key, value] of await task.scan(store, {})) {
          entries[`${partition}:${key.toString('hex')}`] = value.toString('hex');
        }
        await task.close();
      }
    }
    stores[store] = entries;
  }
  return stores;
}

/** A store belongs to one of the two sub-topologies, so to one of two tasks of a partition. */
async function taskIds(log: Log, store: string, partition: number): Promise<string[]> {
  const ids = [0, 1].map((sub) => `${APPLICATION}-${sub}_${partition}`);
  if (log.kind === 'embedded') return ids;
  // On Kafka either would restore it from the same changelog: once is enough.
  return ids.slice(store === 'categories-store' ? 1 : 0).slice(0, 1);
}

async function readAll(log: Log, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for await (const chunk of log.read({ topic, partition, from: 0 })) records.push(...chunk);
  }
  return records;
}
