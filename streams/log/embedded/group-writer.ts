import type { LogError } from '../errors.ts';
import { type Extension, layOut, type Write } from './group.ts';
import type { Partition } from './partition.ts';
import { type Storage, storageError } from './storage.ts';
import type { TailCache } from './tail-cache.ts';
import type { WalSync } from './wal-sync.ts';

interface Waiting {
  readonly write: Write;
  readonly size: number;
  resolve(offsets: readonly number[]): void;
  reject(error: LogError): void;
}

/** What a written group still owes until it is on the disk: to readers, and to callers. */
interface Unsynced {
  readonly extensions: readonly Extension[];
  readonly promises: readonly (() => void)[];
  fail(error: LogError): void;
}

/** Bounds what one group encodes, and so how long it holds the thread. */
const MAX_GROUP_BYTES = 4 * 1024 * 1024;

const LINGER_MS = 1;

const GATHER_MS = 4;

/**
 * Group commit. Writes that arrive while another is under way wait, and then go together: one RocksDB write batch,
 * and in it one record batch per partition. Then, if any of them must be durable, one sync. Writing a group may
 * overlap the sync of the one before; a group of durable writes only waits for it, because it could not be
 * acknowledged earlier and a larger group costs the same.
 *
 * Readers see a record when its group is written, or, in a partition with records that wait to be durable, after
 * the sync: nobody acts on a record its sender has not been promised, and nobody sees a gap.
 */
export class GroupWriter {
  readonly #storage: Pick<Storage, 'write'>;
  readonly #cache: TailCache;
  readonly #wal: Pick<WalSync, 'sync'> | undefined;
  readonly #now: () => number;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #queuedVolatile = 0;
  #scheduled = false;
  #writing = false;
  #syncing = false;
  #unsynced: Unsynced[] = [];
  /** Partitions with records that wait to be durable, and in how many groups. */
  readonly #held = new Map<Partition, number>();
  #failure: LogError | undefined;
  #onIdle: (() => void)[] = [];
  /** How many callers the last sync answered. */
  #answered = 0;
  #lingering: ReturnType<typeof setTimeout> | undefined;

  /** Without `wal`, nothing waits for the disk. `now` is the wall clock. */
  constructor(
    storage: Pick<Storage, 'write'>,
    cache: TailCache,
    wal: Pick<WalSync, 'sync'> | undefined,
    now: () => number,
  ) {
    this.#storage = storage;
    this.#cache = cache;
    this.#wal = wal;
    this.#now = now;
  }

  /** Resolves with the offset of each record. What waits is not bounded here: each caller awaits its own. */
  submit(write: Write): Promise<readonly number[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      let size = 0;
      for (const bytes of write.sizes) size += bytes;
      this.#queue.push({ write, size, resolve, reject });
      this.#queuedBytes += size;
      if (!write.durable) this.#queuedVolatile++;
      if (this.#scheduled) return;
      this.#scheduled = true;
      this.#gather(this.#queue.length, performance.now());
    });
  }

  /** Writes once the sockets that are ready have been read, so that their appends share the group. Where more were
   * ready by then, the thread is busy, and fewer groups leave more of it for them; but nobody waits for long. */
  #gather(before: number, since: number): void {
    setImmediate(() => {
      const hasGrown = this.#queue.length > before;
      if (hasGrown && this.#couldWait && performance.now() - since < GATHER_MS) {
        return this.#gather(this.#queue.length, since);
      }
      this.#scheduled = false;
      this.#pump();
      this.#settle();
    });
  }

  /** Resolves when nothing is queued, being written or being synced. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
      this.#settle();
    });
  }

  get #couldWait(): boolean {
    return this.#queuedVolatile === 0 && this.#queuedBytes < MAX_GROUP_BYTES;
  }

  #pump(): void {
    if (this.#writing || this.#queue.length === 0) return;
    if (this.#couldWait && (this.#syncing || this.#scheduled || this.#lingers())) return;
    this.#writing = true;
    void this.#writeGroup(this.#take()).finally(() => {
      this.#writing = false;
      this.#pump();
      this.#startSync();
      this.#settle();
    });
  }

  /** Callers who were answered together tend to come back together. On a fast disk the first of them would be a group
   * of its own, and a group costs as much for one as for all: so it waits for as many as were answered, and no longer
   * than a millisecond. */
  #lingers(): boolean {
    if (this.#queue.length >= this.#answered) {
      clearTimeout(this.#lingering);
      this.#lingering = undefined;
      return false;
    }
    this.#lingering ??= setTimeout(() => {
      this.#lingering = undefined;
      this.#answered = 0;
      this.#pump();
      this.#settle();
    }, LINGER_MS);
    return true;
  }

  #take(): Waiting[] {
    let size = 0;
    let count = 0;
    while (count < this.#queue.length && size < MAX_GROUP_BYTES) size += this.#queue[count++]!.size;
    const group = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#queuedBytes -= size;
    for (const { write } of group) if (!write.durable) this.#queuedVolatile--;
    return group;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const { mutations, extensions, offsets } = layOut(
        group.map(({ write }) => write),
        this.#now(),
      );
      await this.#storage.write(mutations);
      for (const { partition, end, maxTimestamp, writtenAt } of extensions) {
        partition.next = end;
        partition.maxTimestamp = maxTimestamp;
        partition.writtenAt = writtenAt;
      }
      for (const { write } of group) write.written?.();
      this.#release(group, extensions, offsets);
    } catch (error) {
      for (const { reject } of group) reject(storageError('the write failed', error));
    }
  }

  /** Publishes and answers what need not wait for the disk; the rest goes to the next sync. */
  #release(
    group: readonly Waiting[],
    extensions: readonly Extension[],
    offsets: readonly (readonly number[])[],
  ): void {
    const held: Extension[] = [];
    for (const extension of extensions) {
      const { partition, durable } = extension;
      const holders = this.#held.get(partition) ?? 0;
      if (this.#wal !== undefined && (durable || holders > 0)) {
        held.push(extension);
        this.#held.set(partition, holders + 1);
      } else this.#publish(extension);
    }
    const promises: (() => void)[] = [];
    const rejects: ((error: LogError) => void)[] = [];
    for (const [i, { write, resolve, reject }] of group.entries()) {
      const waits = write.durable || (held.length > 0 && write.partitions.some((p) => this.#held.has(p)));
      if (this.#wal !== undefined && waits) {
        promises.push(() => resolve(offsets[i]!));
        rejects.push(reject);
      } else resolve(offsets[i]!);
    }
    if (held.length === 0 && promises.length === 0) return;
    this.#unsynced.push({
      extensions: held,
      promises,
      fail: (error) => {
        for (const reject of rejects) reject(error);
      },
    });
  }

  #publish({ partition, batches, end }: Extension): void {
    for (const batch of batches) this.#cache.add(partition, batch);
    partition.publish(end);
  }

  #startSync(): void {
    if (this.#wal === undefined || this.#syncing || this.#unsynced.length === 0) return;
    const groups = this.#unsynced;
    this.#unsynced = [];
    if (this.#failure !== undefined) {
      for (const group of groups) group.fail(this.#failure);
      return;
    }
    this.#syncing = true;
    void this.#sync(this.#wal, groups).finally(() => {
      this.#syncing = false;
      this.#pump();
      this.#startSync();
      this.#settle();
    });
  }

  async #sync(wal: Pick<WalSync, 'sync'>, groups: readonly Unsynced[]): Promise<void> {
    try {
      await wal.sync();
    } catch (cause) {
      // Not retried: after a failed sync the system may drop the pages and report the next one as good.
      this.#failure = storageError('syncing to disk failed; nothing is accepted until a restart', cause);
      for (const group of groups) group.fail(this.#failure);
      for (const { reject } of this.#queue) reject(this.#failure);
      this.#queue = [];
      return;
    }
    this.#answered = groups.reduce((sum, { promises }) => sum + promises.length, 0);
    for (const { extensions, promises } of groups) {
      for (const extension of extensions) {
        const holders = this.#held.get(extension.partition)! - 1;
        if (holders === 0) this.#held.delete(extension.partition);
        else this.#held.set(extension.partition, holders);
        this.#publish(extension);
      }
      for (const resolve of promises) resolve();
    }
  }

  #settle(): void {
    if (this.#writing || this.#syncing || this.#scheduled || this.#queue.length > 0) return;
    if (this.#unsynced.length > 0) return;
    const callbacks = this.#onIdle;
    this.#onIdle = [];
    for (const callback of callbacks) callback();
  }
}
