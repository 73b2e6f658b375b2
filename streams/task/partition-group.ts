import type { StoredRecord } from '../log/log.ts';
import { popTimed, pushTimed } from './time-heap.ts';

interface Queue {
  records: StoredRecord[];
  next: number;
  /** Timestamp of the next record. */
  at: number;
}

/**
 * The records a task has fetched and not yet processed, a queue per input partition. They are taken in order of
 * timestamp across partitions, as far as they are there, and always in log order within one. Partitions whose next
 * records have the same timestamp take turns, as in Kafka Streams.
 */
export class PartitionGroup {
  private readonly queues = new Map<string, Queue>();
  /** Those that hold records. */
  private readonly heap: Queue[] = [];
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(records: readonly StoredRecord[]): void {
    const first = records[0];
    if (first === undefined) return;
    const id = `${first.topic}\0${first.partition}`;
    let queue = this.queues.get(id);
    if (queue === undefined) {
      queue = { records: [], next: 0, at: 0 };
      this.queues.set(id, queue);
    }
    const wasEmpty = queue.records.length === 0;
    for (const record of records) queue.records.push(record);
    this.count += records.length;
    if (wasEmpty) this.enqueue(queue, first);
  }

  take(max: number): StoredRecord[] {
    const taken: StoredRecord[] = [];
    while (taken.length < max) {
      const queue = popTimed(this.heap);
      if (queue === undefined) break;
      taken.push(queue.records[queue.next++] as StoredRecord);
      this.count--;
      const following = queue.records[queue.next];
      if (following === undefined) {
        queue.records = [];
        queue.next = 0;
        continue;
      }
      if (queue.next >= 4096) {
        queue.records = queue.records.slice(queue.next);
        queue.next = 0;
      }
      this.enqueue(queue, following);
    }
    return taken;
  }

  clear(): void {
    this.queues.clear();
    this.heap.length = 0;
    this.count = 0;
  }

  private enqueue(queue: Queue, { timestamp }: StoredRecord): void {
    queue.at = timestamp;
    pushTimed(this.heap, queue);
  }
}
