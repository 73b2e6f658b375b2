import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../log.ts';
import { partitionForKey } from '../partitioner.ts';
import type { Catalog } from './catalog.ts';
import type { Partition } from './partition.ts';
import { encodedSize } from './record-batch.ts';

export interface Routed {
  readonly partitions: Partition[];
  readonly sizes: number[];
}

/** Checks records and chooses their partitions. */
export class Router {
  readonly #catalog: Catalog;
  readonly #maxRecordBytes: number;
  readonly #turns = new Map<string, number>();

  constructor(catalog: Catalog, maxRecordBytes: number) {
    this.#catalog = catalog;
    this.#maxRecordBytes = maxRecordBytes;
  }

  route(records: readonly OutgoingRecord[]): Routed {
    const sizes = records.map((record) => this.#checkedSize(record));
    return { partitions: records.map((record) => this.#partition(record)), sizes };
  }

  #checkedSize(record: OutgoingRecord): number {
    const size = encodedSize(record);
    if (size > this.#maxRecordBytes) {
      const detail = `${size} bytes for ${record.topic}; ${this.#maxRecordBytes} are accepted`;
      throw new LogError('RECORD_TOO_LARGE', detail);
    }
    if (!Number.isSafeInteger(record.timestamp) || record.timestamp < 0) {
      throw new LogError('INVALID', `timestamp ${record.timestamp} of a record for ${record.topic}`);
    }
    return size;
  }

  #partition({ topic, partition, key }: OutgoingRecord): Partition {
    if (partition !== undefined) return this.#catalog.partition(topic, partition);
    const { partitions } = this.#catalog.topic(topic);
    if (key !== null) return partitions[partitionForKey(key, partitions.length)]!;
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) % partitions.length);
    return partitions[turn]!;
  }
}
