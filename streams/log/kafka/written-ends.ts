import type { TopicPartition } from '../log.ts';

/** Per partition, up to where this process has written, which it may read before every transaction is marked as ended. */
export class WrittenEnds {
  readonly #ends = new Map<string, number>();

  note({ topic, partition }: TopicPartition, end: number): void {
    const name = `${topic}-${partition}`;
    this.#ends.set(name, Math.max(end, this.#ends.get(name) ?? 0));
  }

  /** The later of a partition's stable end and what was noted. */
  after({ topic, partition }: TopicPartition, stableEnd: number): number {
    const name = `${topic}-${partition}`;
    const noted = this.#ends.get(name) ?? 0;
    if (noted > stableEnd) return noted;
    this.#ends.delete(name);
    return stableEnd;
  }
}
