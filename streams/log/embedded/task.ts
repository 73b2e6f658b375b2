import { LogError } from '../errors.ts';
import type { CommittedOffset, KeyRange, StateChange, TaskCommit, TaskLog } from '../log.ts';
import { stateKey, withoutStatePrefix } from './keys.ts';
import type { Mutation, Storage } from './storage.ts';

/** Says whether a task may still commit; the next one to open the task ends it. */
export interface Lease {
  ended: 'FENCED' | 'CLOSED' | undefined;
}

export interface TaskContext {
  readonly id: string;
  readonly committed: readonly CommittedOffset[];
  /** Id of each declared store, by name. */
  readonly stores: ReadonlyMap<string, number>;
  readonly storage: Storage;
  readonly lease: Lease;
  write(commit: TaskCommit, changes: readonly Mutation[], durable: boolean): Promise<void>;
}

const LEAST = Buffer.alloc(0);

/** A task whose state lies in the log's own key space, so that a commit is one RocksDB write. */
export class EmbeddedTask implements TaskLog {
  readonly id: string;
  readonly committed: readonly CommittedOffset[];
  readonly #context: TaskContext;

  constructor(context: TaskContext) {
    this.id = context.id;
    this.committed = context.committed;
    this.#context = context;
  }

  async getMany(store: string, keys: readonly Buffer[]): Promise<(Buffer | null)[]> {
    this.#checkOpen();
    const id = this.#storeId(store);
    return this.#context.storage.getMany(keys.map((key) => stateKey(id, key)));
  }

  async scan(store: string, range: KeyRange): Promise<[key: Buffer, value: Buffer][]> {
    this.#checkOpen();
    const id = this.#storeId(store);
    const entries = await this.#context.storage.entries({
      gte: stateKey(id, range.gte ?? LEAST),
      lt: range.lt === undefined ? stateKey(id + 1, LEAST) : stateKey(id, range.lt),
      reverse: range.reverse ?? false,
      limit: range.limit ?? Number.POSITIVE_INFINITY,
    });
    return entries.map(({ key, value }) => [withoutStatePrefix(key), value]);
  }

  async sizeOf(store: string): Promise<number> {
    this.#checkOpen();
    const id = this.#storeId(store);
    return this.#context.storage.approximateBytes(stateKey(id, LEAST), stateKey(id + 1, LEAST));
  }

  async commit(commit: TaskCommit, options?: { durable?: boolean }): Promise<void> {
    this.#checkOpen();
    const changes = (commit.changes ?? []).map((change) => this.#mutation(change));
    await this.#context.write(commit, changes, options?.durable ?? false);
  }

  async close(): Promise<void> {
    this.#context.lease.ended ??= 'CLOSED';
  }

  #mutation({ store, key, value }: StateChange): Mutation {
    return { key: stateKey(this.#storeId(store), key), value };
  }

  #storeId(store: string): number {
    const id = this.#context.stores.get(store);
    if (id === undefined) throw new LogError('UNKNOWN_STORE', `${store} of task ${this.id}`);
    return id;
  }

  #checkOpen(): void {
    const { ended } = this.#context.lease;
    if (ended !== undefined) throw new LogError(ended, `task ${this.id}`);
  }
}
