import { LogError } from '../errors.ts';
import type { RecordPosition } from '../log.ts';
import type { Address } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { deleteRecordsRequest } from './protocol/admin-requests.ts';
import { CODE, ProtocolError } from './protocol/error-codes.ts';

const TIMEOUT_MS = 30_000;

/** `Log.deleteRecords`. What was deleted already is deleted again at no cost, so all is tried again together. */
export async function deleteRecords(cluster: Cluster, before: readonly RecordPosition[]): Promise<void> {
  for (const { topic, partition, offset } of before) {
    // Kafka takes -1 for "all there is".
    if (Number.isSafeInteger(offset) && offset >= 0) continue;
    throw new LogError('INVALID', `deleting ${topic}-${partition} up to ${offset}`);
  }
  await cluster.retry('deleting records', async () => {
    const byLeader = new Map<string, { readonly leader: Address; readonly own: RecordPosition[] }>();
    for (const position of before) {
      const leader = await cluster.leader(position.topic, position.partition);
      const name = `${leader.host}:${leader.port}`;
      const group = byLeader.get(name) ?? { leader, own: [] };
      byLeader.set(name, group);
      group.own.push(position);
    }
    await Promise.all(
      [...byLeader.values()].map(async ({ leader, own }) => {
        const outcomes = await cluster.brokers.send(leader, deleteRecordsRequest(own, TIMEOUT_MS));
        for (const { topic, partition, errorCode } of outcomes) refuse(`${topic}-${partition}`, errorCode);
      }),
    );
  });
}

function refuse(where: string, errorCode: number): void {
  switch (errorCode) {
    case 0:
      return;
    case CODE.OFFSET_OUT_OF_RANGE:
      throw new LogError('INVALID', `deleting ${where} beyond its end`);
    case CODE.POLICY_VIOLATION:
      throw new LogError('INVALID', `deleting records of ${where}; it is compacted`);
    default:
      throw new ProtocolError(errorCode, where);
  }
}
