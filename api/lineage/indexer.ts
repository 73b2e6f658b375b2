import type {
  CommittedOffset,
  Log,
  LogConsumer,
  RecordPosition,
  StateChange,
  StoredRecord,
  TaskLog,
  TopicPartition,
} from '../../streams/index.ts';
import { changelogOf, UnknownSchemaId } from '../../streams/index.ts';
import { entriesOf, LINEAGE_TOPICS, type Pointer, pointerTo, readPointer } from './pointer.ts';
import { type LineageSerdes, recordIds } from './record-ids.ts';

const GROUP = 'signal-lineage';
const STORE = 'lineage';
const CHANGELOG = changelogOf(GROUP, STORE);
/** How long entries wait for others to share their commit. */
const FLUSH_MS = 50;
/** Entries that wait, at most; then records are taken in no faster than they are committed. */
const MAX_PENDING = 10_000;

export interface LineageIndexerOptions {
  readonly log: Log;
  readonly serdes: LineageSerdes;
  /** The index stands still from then on. */
  readonly onError: (error: Error) => void;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/**
 * Follows the event topics and keeps, per event, where its records lie; nothing of what they say. One task holds the
 * whole index, because the records of one event lie in partitions of different numbers.
 */
export class LineageIndexer {
  private readonly options: LineageIndexerOptions;
  private consumer: LogConsumer | undefined;
  private task: TaskLog | undefined;
  private readonly assigned = new Map<string, TopicPartition>();
  /** Next offset to take in, by partition. */
  private readonly positions = new Map<string, RecordPosition>();
  private changes: StateChange[] = [];
  private uncommitted = new Map<string, RecordPosition>();
  private committing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private progress = deferred();

  private constructor(options: LineageIndexerOptions) {
    this.options = options;
  }

  /** The topics must exist. */
  static async start(options: LineageIndexerOptions): Promise<LineageIndexer> {
    const indexer = new LineageIndexer(options);
    if (options.log.kind === 'kafka') {
      await options.log.createTopics([{ name: CHANGELOG, partitions: 1, cleanup: 'compact' }]);
    }
    indexer.consumer = await options.log.consume({
      group: GROUP,
      topics: LINEAGE_TOPICS.map(({ topic }) => topic),
      onAssigned: (partitions) => indexer.onAssigned(partitions),
      onRevoked: (partitions) => indexer.onRevoked(partitions),
      onRecords: (records) => indexer.onRecords(records),
      onError: (error) => options.onError(error),
    });
    return indexer;
  }

  /** Where the records of an event lie that were taken in so far, one per kind and integration. */
  async find(messageId: string): Promise<Pointer[]> {
    const range = entriesOf(messageId);
    if (range === undefined || this.task === undefined) return [];
    await this.flush();
    const entries = await this.task.scan(STORE, range);
    return entries.map(([key, value]) => readPointer(key, value)).filter((pointer) => pointer !== undefined);
  }

  /** Resolves with true when all is taken in that the topic holds now; with false after `timeoutMs`. */
  async caughtUp(topic: string, timeoutMs: number): Promise<boolean> {
    const ends = await this.options.log.offsets(topic);
    const timeout = deferred();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      timeout.resolve();
    }, timeoutMs);
    const isBehind = (): boolean =>
      ends.some((end) => end.end > end.start && (this.positions.get(keyOf(end))?.offset ?? 0) < end.end);
    try {
      while (isBehind()) {
        if (timedOut) return false;
        await Promise.race([this.progress.promise, timeout.promise]);
      }
      return true;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.consumer?.close();
    await this.release();
  }

  private async onAssigned(partitions: readonly TopicPartition[]): Promise<RecordPosition[]> {
    for (const partition of partitions) this.assigned.set(keyOf(partition), partition);
    await this.release();
    const committed = await this.open();
    const isNew = new Set(partitions.map(keyOf));
    const from = committed.filter((offset) => isNew.has(keyOf(offset)));
    for (const position of from) this.positions.set(keyOf(position), position);
    return from;
  }

  private async onRevoked(partitions: readonly TopicPartition[]): Promise<void> {
    await this.release();
    for (const partition of partitions) {
      this.assigned.delete(keyOf(partition));
      this.positions.delete(keyOf(partition));
    }
    if (this.assigned.size > 0) await this.open();
  }

  private async open(): Promise<readonly CommittedOffset[]> {
    this.task = await this.options.log.openTask({
      id: GROUP,
      group: GROUP,
      partitions: [...this.assigned.values()],
      stores: [{ name: STORE, changelog: { topic: CHANGELOG, partition: 0 } }],
    });
    return this.task.committed;
  }

  private async release(): Promise<void> {
    if (this.task === undefined) return;
    await this.flush();
    await this.task.close();
    this.task = undefined;
  }

  private onRecords(records: readonly StoredRecord[]): void | Promise<void> {
    for (const [index, record] of records.entries()) {
      try {
        this.take(record);
      } catch (error) {
        if (!(error instanceof UnknownSchemaId)) throw error;
        return error.load().then(() => this.onRecords(records.slice(index)));
      }
    }
    const last = records.at(-1);
    if (last === undefined) return;
    const next = { topic: last.topic, partition: last.partition, offset: last.offset + 1 };
    this.uncommitted.set(keyOf(last), next);
    this.positions.set(keyOf(last), next);
    this.progress.resolve();
    this.progress = deferred();
    if (this.changes.length >= MAX_PENDING) return this.flush();
    this.timer ??= setTimeout(
      () => void this.flush().catch((error) => this.options.onError(error)),
      FLUSH_MS,
    );
  }

  private take(record: StoredRecord): void {
    const ids = recordIds(record, this.options.serdes);
    const entry = ids && pointerTo(record, ids.messageId, ids.integrationId);
    if (entry !== undefined) this.changes.push({ store: STORE, key: entry.key, value: entry.value });
  }

  /** Commits what was taken in. Rejects if that or an earlier commit failed: the index must not skip any. */
  private flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.committing = this.committing.then(async () => {
      if (this.task === undefined || this.uncommitted.size === 0) return;
      const { changes } = this;
      const offsets = [...this.uncommitted.values()];
      this.changes = [];
      this.uncommitted = new Map();
      await this.task.commit({ offsets, changes });
    });
    return this.committing;
  }
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
