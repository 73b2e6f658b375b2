import type { EncodedBatch, Partition } from './partition.ts';

/**
 * The newest batches of all partitions, as encoded, up to a number of bytes; the oldest go first, whatever their
 * partition. Readers that keep up are served from here and never touch the disk. Encoded, because only then are
 * the bytes kept known, and independent of buffers the appender may share with a whole request.
 */
export class TailCache {
  readonly #capacity: number;
  readonly #runs = new Map<Partition, Fifo<EncodedBatch>>();
  readonly #order = new Fifo<{ readonly run: Fifo<EncodedBatch>; readonly size: number }>();
  #size = 0;

  /** In bytes. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Batches of one partition must come in order and without gaps. */
  add(partition: Partition, batch: EncodedBatch): void {
    let run = this.#runs.get(partition);
    if (run === undefined) {
      run = new Fifo();
      this.#runs.set(partition, run);
    }
    const size = batch.bytes.length;
    run.push(batch);
    this.#order.push({ run, size });
    this.#size += size;
    while (this.#size > this.#capacity) {
      const oldest = this.#order.shift();
      if (oldest === undefined) return;
      oldest.run.shift();
      this.#size -= oldest.size;
    }
  }

  /** Holds nothing of the partition any more. What there was counts until it would have gone. */
  forget(partition: Partition): void {
    this.#runs.delete(partition);
  }

  /** The batches from the one that holds `offset`, at most about `maxBytes`; none if it is not held. */
  from(partition: Partition, offset: number, maxBytes: number): EncodedBatch[] {
    const run = this.#runs.get(partition);
    const found: EncodedBatch[] = [];
    if (run === undefined) return found;
    let low = 0;
    let high = run.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const batch = run.at(middle);
      if (batch.baseOffset + batch.count <= offset) low = middle + 1;
      else high = middle;
    }
    if (low === run.length || run.at(low).baseOffset > offset) return found;
    let size = 0;
    for (let i = low; i < run.length && size < maxBytes; i++) {
      const batch = run.at(i);
      size += batch.bytes.length;
      found.push(batch);
    }
    return found;
  }
}

/** An array whose head can be taken off in constant time. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  at(index: number): T {
    return this.#items[this.#head + index]!;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (this.#head < this.#items.length) this.#head++;
    // Copying half at a time keeps the cost per item constant and lets go of what was taken.
    if (this.#head > 1024 || this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
