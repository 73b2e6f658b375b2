import type { BatchInfo } from './record-batch.ts';

/** A run of one partition's records as encoded for the log. */
export interface EncodedBatch {
  readonly baseOffset: number;
  readonly count: number;
  readonly bytes: Buffer;
}

/** One partition in memory. The numbers are rebuilt from its first and last batch at open, so they cannot
 * disagree with the data. */
export class Partition {
  readonly topic: string;
  readonly topicId: number;
  readonly index: number;
  /** Offset of the oldest record kept. */
  start = 0;
  /** Offset after the last record that readers may see. */
  end = 0;
  /** Offset the next record gets; ahead of `end` while written records wait to be durable. */
  next = 0;
  maxTimestamp = 0;
  writtenAt = 0;
  readonly #waiting = new Set<() => void>();

  constructor(topic: string, topicId: number, index: number) {
    this.topic = topic;
    this.topicId = topicId;
    this.index = index;
  }

  /** Continues after the last batch stored. */
  resume(start: number, last: BatchInfo): void {
    this.start = start;
    this.next = last.baseOffset + last.count;
    this.end = this.next;
    this.maxTimestamp = last.maxTimestamp;
    this.writtenAt = last.writtenAt;
  }

  /** Lets readers see everything before `end`. */
  publish(end: number): void {
    this.end = end;
    this.wake();
  }

  /** Calls back once, at the next `publish` or `wake`, unless the returned function is called before. */
  onChange(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  wake(): void {
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}
