import { committedOffset } from '../committed-offset.ts';
import { LogError, type LogErrorCode } from '../errors.ts';
import type {
  CommittedOffset,
  KeyRange,
  OutgoingRecord,
  StateChange,
  StoreSpec,
  TaskCommit,
  TaskLog,
} from '../log.ts';
import type { RecentCommits } from './group-offsets.ts';
import type { ChangelogPosition, LocalStore } from './local-store.ts';
import type { Router } from './router.ts';
import type { TransactionalProducer, WrittenRange } from './transactions.ts';
import type { WrittenEnds } from './written-ends.ts';

export interface TaskContext {
  readonly id: string;
  readonly group: string;
  readonly committed: readonly CommittedOffset[];
  readonly stores: readonly StoreSpec[];
  readonly local: LocalStore;
  readonly producer: TransactionalProducer;
  readonly router: Router;
  readonly written: WrittenEnds;
  readonly recentCommits: RecentCommits;
  /** Resolves when what this process appended so far is written. */
  appended(): Promise<void>;
  closed(): void;
}

/**
 * A task whose commit is a Kafka transaction with outputs, changelog records and offsets, followed by a write to the
 * local store. In that order: what dies in between has a local store that lacks the tail of its changelog, which is
 * replayed when it is opened again; a transaction that did not commit has changed nothing here.
 */
export class KafkaTask implements TaskLog {
  readonly id: string;
  readonly committed: readonly CommittedOffset[];
  readonly #context: TaskContext;
  readonly #stores: ReadonlyMap<string, StoreSpec>;
  #last: Promise<void> = Promise.resolve();
  #ended: LogErrorCode | undefined;
  #closing: Promise<void> | undefined;

  constructor(context: TaskContext) {
    this.id = context.id;
    this.committed = context.committed;
    this.#context = context;
    this.#stores = new Map(context.stores.map((store) => [store.name, store]));
  }

  async getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    this.#checkOpen();
    this.#store(store);
    return this.#context.local.getMany(store, keys);
  }

  async scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]> {
    this.#checkOpen();
    this.#store(store);
    return this.#context.local.scan(store, range);
  }

  async sizeOf(store: string): Promise<number> {
    this.#checkOpen();
    this.#store(store);
    return this.#context.local.sizeOf(store);
  }

  commit(commit: TaskCommit): Promise<void> {
    const appended = this.#context.appended();
    const committed = this.#last.then(async () => {
      this.#checkOpen();
      await appended;
      await this.#commit(commit);
    });
    this.#last = committed.catch(() => {});
    return committed;
  }

  /** Lets the commit under way finish, but not wait for ever for a broker that is away. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#context.producer.stop(), CLOSE_MS);
    await this.#end('CLOSED');
    clearTimeout(timer);
  }

  /** Someone in this process opens the task anew. */
  async fence(): Promise<void> {
    this.#context.producer.stop();
    await this.#end('FENCED');
  }

  #end(reason: LogErrorCode): Promise<void> {
    this.#ended ??= reason;
    this.#closing ??= this.#last.then(async () => {
      await this.#context.local.close();
      this.#context.closed();
    });
    return this.#closing;
  }

  async #commit({ records = [], changes = [], offsets = [] }: TaskCommit): Promise<void> {
    const { group, local, producer, router, written, recentCommits } = this.#context;
    const now = Date.now();
    const changelogged = changes.flatMap((change) => this.#changelogRecord(change, now));
    const checkedOffsets = offsets.map(committedOffset);
    const routed = await router.route([...records, ...changelogged]);
    if (routed.length === 0 && checkedOffsets.length === 0) {
      await local.apply(changes, new Map());
      return;
    }
    let ranges: readonly WrittenRange[];
    try {
      ranges = await producer.commit({ records: routed, group, offsets: checkedOffsets });
    } catch (error) {
      // Another owns the task, or it is not known whether the transaction counts: only opening it again tells.
      const lost = error instanceof LogError && (error.code === 'FENCED' || error.code === 'UNAVAILABLE');
      if (lost) this.#ended ??= error.code;
      throw error;
    }
    for (const range of ranges) written.note(range, range.end);
    recentCommits.note(group, checkedOffsets);
    await local.apply(changes, this.#positions(ranges, now));
  }

  #changelogRecord(change: StateChange, timestamp: number): OutgoingRecord[] {
    const { changelog } = this.#store(change.store);
    if (changelog === undefined) return [];
    return [{ ...changelog, key: change.key, value: change.value, timestamp, headers: [] }];
  }

  #positions(ranges: readonly WrittenRange[], at: number): Map<string, ChangelogPosition> {
    const positions = new Map<string, ChangelogPosition>();
    for (const { name, changelog } of this.#stores.values()) {
      const range = ranges.find(
        ({ topic, partition }) => topic === changelog?.topic && partition === changelog.partition,
      );
      if (range !== undefined) positions.set(name, { offset: range.end, at });
    }
    return positions;
  }

  #store(name: string): StoreSpec {
    const store = this.#stores.get(name);
    if (store === undefined) throw new LogError('UNKNOWN_STORE', `${name} of task ${this.id}`);
    return store;
  }

  #checkOpen(): void {
    if (this.#ended !== undefined) throw new LogError(this.#ended, `task ${this.id}`);
  }
}

const CLOSE_MS = 10_000;
