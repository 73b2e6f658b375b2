import type { DeliveryBatch, DeliveryRequest } from '../schemas/index.ts';
import type { BatchStore } from './batch-store.ts';
import { readRequest } from './records.ts';
import type { WorkerContext } from './worker-context.ts';

export interface RecoveredBatch {
  readonly batch: DeliveryBatch;
  readonly requests: readonly DeliveryRequest[];
  /** `false`: the topic no longer has all of its members. */
  readonly complete: boolean;
}

type Recovery = Pick<WorkerContext, 'log' | 'topic' | 'serdes'>;

/** The batches that were claimed and not settled when the partition was last given up, in order of their offsets, with
 * their members read again from the topic. */
export async function recoverClaimed(
  context: Recovery,
  partition: number,
  store: BatchStore,
): Promise<RecoveredBatch[]> {
  const batches = (await store.claimed()).sort((a, b) => firstOffset(a) - firstOffset(b));
  if (batches.length === 0) return [];
  const offsets = await context.log.offsets(context.topic);
  const start = offsets.find((each) => each.partition === partition)?.start ?? 0;
  const recovered: RecoveredBatch[] = [];
  for (const batch of batches) {
    const requests = await members(context, partition, batch);
    recovered.push({ batch, requests, complete: firstOffset(batch) >= start });
  }
  return recovered;
}

export function firstOffset({ offsets }: DeliveryBatch): number {
  return offsets[0]?.first ?? 0;
}

async function members(
  { log, topic, serdes }: Recovery,
  partition: number,
  { offsets }: DeliveryBatch,
): Promise<DeliveryRequest[]> {
  const requests: DeliveryRequest[] = [];
  for (const { first, last } of offsets) {
    for await (const records of log.read({ topic, partition, from: first, to: last + 1 })) {
      for (const record of records) requests.push(await readRequest(record, serdes.request));
    }
  }
  return requests;
}
