import type { Log, RecordPosition } from '../log/log.ts';

export interface RepartitionPurgeOptions {
  readonly log: Log;
  /** Repartition topics, as named in the log. */
  readonly topics: ReadonlySet<string>;
  readonly intervalMs: number;
  /** What the tasks that run here have committed. A repartition topic is consumed by one sub-topology, so each of its
   * partitions by one task. */
  positions(): Iterable<RecordPosition>;
}

/**
 * Deletes from repartition topics what has been consumed, now and then: nobody else reads it. Kafka Streams does the
 * same (`repartition.purge.interval.ms`).
 */
export class RepartitionPurge {
  private readonly options: RepartitionPurgeOptions;
  private readonly purged = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(options: RepartitionPurgeOptions) {
    this.options = options;
  }

  start(): void {
    if (this.options.topics.size === 0) return;
    this.timer = setInterval(() => {
      // What cannot be deleted now is deleted next time; the application does not depend on it.
      this.running ??= this.purge()
        .catch(() => {})
        .finally(() => {
          this.running = undefined;
        });
    }, this.options.intervalMs).unref();
  }

  /** Does not wait for a deletion under way: where the log is out of reach that would take long. */
  stop(): void {
    clearInterval(this.timer);
  }

  private async purge(): Promise<void> {
    const { log, topics, positions } = this.options;
    const consumed = [...positions()].filter(
      (each) => topics.has(each.topic) && each.offset > (this.purged.get(nameOf(each)) ?? 0),
    );
    if (consumed.length === 0) return;
    await log.deleteRecords(consumed);
    for (const each of consumed) this.purged.set(nameOf(each), each.offset);
  }
}

const nameOf = ({ topic, partition }: RecordPosition): string => `${topic}-${partition}`;
