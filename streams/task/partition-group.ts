import type { StoredRecord } from '../log/log.ts';

interface Queue {
  records: StoredRecord[];
  next: number;
}

/**
 * The records a task has fetched and not yet processed, a queue per input partition. They are taken in order of
 * timestamp across partitions, as far as they are there, and always in log order within one.
 */
export class PartitionGroup {
  private readonly queues = new Map<string, Queue>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(records: readonly StoredRecord[]): void {
    const first = records[0];
    if (first === undefined) return;
    const id = `${first.topic}\0${first.partition}`;
    const queue = this.queues.get(id);
    if (queue === undefined) this.queues.set(id, { records: [...records], next: 0 });
    else for (const record of records) queue.records.push(record);
    this.count += records.length;
  }

  take(max: number): StoredRecord[] {
    const taken: StoredRecord[] = [];
    while (taken.length < max) {
      const queue = this.earliest();
      if (queue === undefined) break;
      taken.push(queue.records[queue.next++] as StoredRecord);
      this.count--;
      if (queue.next === queue.records.length) {
        queue.records = [];
        queue.next = 0;
      } else if (queue.next >= 4096) {
        queue.records = queue.records.slice(queue.next);
        queue.next = 0;
      }
    }
    return taken;
  }

  clear(): void {
    this.queues.clear();
    this.count = 0;
  }

  private earliest(): Queue | undefined {
    let found: Queue | undefined;
    let time = Number.POSITIVE_INFINITY;
    for (const queue of this.queues.values()) {
      const head = queue.records[queue.next];
      if (head !== undefined && (found === undefined || head.timestamp < time)) {
        found = queue;
        time = head.timestamp;
      }
    }
    return found;
  }
}
