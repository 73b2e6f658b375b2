import { DELIVERY_BATCH_SCHEMA, type DeliveryBatch } from '../schemas/index.ts';
import {
  avroSerde,
  type SchemaRegistry,
  type Serde,
  type StateChange,
  type TaskLog,
} from '../streams/index.ts';

/**
 * A task's batches that are not settled. `claimed`: their first request is due or under way, and their members are
 * still in the topic. `waiting`: they wait for another attempt, in order of its time, and hold their members.
 */
export const BATCH_STORES = { claimed: 'claimed-batches', waiting: 'waiting-batches' } as const;

export type BatchStoreName = keyof typeof BATCH_STORES;

export function deliveryBatchSerde(registry: SchemaRegistry): Promise<Serde<DeliveryBatch>> {
  return avroSerde({ schema: DELIVERY_BATCH_SCHEMA, subject: 'delivery-batches-value', registry });
}

export class BatchStore {
  readonly #taskLog: TaskLog;
  readonly #serde: Serde<DeliveryBatch>;

  constructor(taskLog: TaskLog, serde: Serde<DeliveryBatch>) {
    this.#taskLog = taskLog;
    this.#serde = serde;
  }

  put(store: BatchStoreName, batch: DeliveryBatch): StateChange {
    return { store: BATCH_STORES[store], key: batchKey(batch), value: this.#serde.serialize(batch) };
  }

  remove(store: BatchStoreName, key: Buffer): StateChange {
    return { store: BATCH_STORES[store], key, value: null };
  }

  async claimed(): Promise<DeliveryBatch[]> {
    const entries = await this.#taskLog.scan(BATCH_STORES.claimed, {});
    return entries.map(([, value]) => this.#serde.deserialize(value));
  }

  /** The first `limit` waiting batches due at `from` or later, in order of time, but for those with an id in `except`. */
  async waiting(from: number, limit: number, except: ReadonlySet<string>): Promise<DeliveryBatch[]> {
    const range = { gte: timeKey(from), limit: limit + except.size };
    const entries = await this.#taskLog.scan(BATCH_STORES.waiting, range);
    return entries
      .filter(([key]) => !except.has(key.toString('utf8', TIME_BYTES)))
      .slice(0, limit)
      .map(([, value]) => this.#serde.deserialize(value));
  }
}

const TIME_BYTES = 8;

/** Time of the next attempt, then the id: keys sort by time. */
export function batchKey({ nextAttemptAt, id }: DeliveryBatch): Buffer {
  return Buffer.concat([timeKey(nextAttemptAt ?? 0), Buffer.from(id)]);
}

function timeKey(time: number): Buffer {
  const key = Buffer.alloc(TIME_BYTES);
  key.writeBigUInt64BE(BigInt(time));
  return key;
}
