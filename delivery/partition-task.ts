import type { DeliveryBatch } from '../schemas/index.ts';
import { changelogOf, type StoredRecord, type TaskLog } from '../streams/index.ts';
import { BATCH_STORES, BatchStore, batchKey } from './batch-store.ts';
import { Dispatcher } from './dispatcher.ts';
import { Journal } from './journal.ts';
import { type Pending, PendingQueue, type PendingRequest } from './pending-queue.ts';
import { Progress } from './progress.ts';
import { readRequest, settlementRecords, UnreadableRecord, unprocessableRecord } from './records.ts';
import { firstOffset, recoverClaimed } from './recovery.ts';
import { unsendable } from './settle.ts';
import type { WorkerContext } from './worker-context.ts';

/**
 * Delivers one partition of an integration's topic.
 *
 * A record goes: pending → claimed (the batch it belongs to is decided and committed) → at the vendor → settled
 * (results, and a batch that waits for a retry, are committed). Nothing is done before the commit that remembers it;
 * so after a crash at any point no decided event is sent again, and a batch that may have been sent is sent again as
 * it was.
 */
export class PartitionTask {
  readonly #context: WorkerContext;
  readonly #taskLog: TaskLog;
  readonly #progress: Progress;
  readonly #store: BatchStore;
  readonly #journal: Journal;
  readonly #dispatcher: Dispatcher;
  readonly #pending: PendingQueue;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #onRoom: (() => void) | undefined;
  #closing = false;

  private constructor(context: WorkerContext, partition: number, taskLog: TaskLog) {
    this.#context = context;
    this.#taskLog = taskLog;
    this.#progress = new Progress(taskLog.committed[0]);
    this.#store = new BatchStore(taskLog, context.serdes.batch);
    const place = { topic: context.topic, partition };
    this.#journal = new Journal(taskLog, place, () => this.#progress.position(), context.onError);
    this.#dispatcher = new Dispatcher(context, this.#store, this.#journal, this.#progress);
    this.#pending = new PendingQueue(context.limits);
  }

  /** Fences whoever had the partition, and takes up what they left. */
  static async open(context: WorkerContext, partition: number): Promise<PartitionTask> {
    const { group, topic, log } = context;
    const taskLog = await log.openTask({
      id: `${group}-${partition}`,
      group,
      partitions: [{ topic, partition }],
      stores: Object.values(BATCH_STORES).map((name) => ({
        name,
        changelog: { topic: changelogOf(group, name), partition },
      })),
    });
    const task = new PartitionTask(context, partition, taskLog);
    await task.#recover(partition);
    context.metrics.waiting(task.#progress.waiting);
    return task;
  }

  /** Offset of the first record to be given to `accept`; undefined: the oldest there is. */
  get start(): number | undefined {
    return this.#progress.claimed;
  }

  /** Takes the next records, in order. Resolves when there is room for more. */
  async accept(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) this.#pending.push(await this.#read(record));
    this.pump();
    if (!this.#pending.isFull || this.#closing) return;
    await new Promise<void>((resolve) => {
      this.#onRoom = resolve;
    });
  }

  /** Does what can be done now. To be called whenever something has changed. */
  pump(): void {
    if (this.#closing) return;
    this.#claim();
    this.#dispatcher.pump();
    this.#setTimer();
    if (!this.#pending.isFull) this.#onRoom?.();
  }

  /** Claims and sends nothing more. */
  stop(): void {
    this.#closing = true;
    this.#timer?.cancel();
    this.#onRoom?.();
  }

  /** Lets requests end, commits, and gives the partition up. A request that does not end within the grace period is
   * made again, the same, by whoever has the partition next. */
  async close(): Promise<void> {
    this.stop();
    await this.#dispatcher.drain();
    await this.#journal.settled();
    this.#context.metrics.waiting(-this.#progress.waiting);
    for (let open = this.#progress.openBatches; open > 0; open--) this.#context.window.removeBatch();
    await this.#taskLog.close();
  }

  async #read(record: StoredRecord): Promise<Pending> {
    const { clock, serdes, definition } = this.#context;
    const read = { record, arrivedAt: clock.now() };
    try {
      const request = await readRequest(record, serdes.request);
      return { ...read, kind: 'request', request, bytes: definition.itemBytes(request) };
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error;
      return { ...read, kind: 'unreadable', error };
    }
  }

  #claim(): void {
    const { window, clock } = this.#context;
    while (window.hasRoomForBatch && (this.#pending.fillsRequest || this.#lingersUntil() <= clock.now())) {
      const head = this.#pending.head();
      switch (head.kind) {
        case 'empty':
          return;
        case 'unreadable':
          this.#setAside(head.pending);
          break;
        case 'too-large':
          this.#giveUp(head.pending);
          break;
        case 'batch':
          this.#claimBatch(head.members);
          break;
        default:
          head satisfies never;
          return;
      }
    }
  }

  #setAside({ record, error }: Extract<Pending, { kind: 'unreadable' }>): void {
    this.#take(1, record.offset);
    this.#journal.add({ records: [unprocessableRecord(record, error, this.#context.topics)] });
  }

  #giveUp({ record, request, bytes }: PendingRequest): void {
    const { limits, clock, serdes, topics, metrics } = this.#context;
    const detail = `${bytes} bytes, where ${limits.maxBytes - limits.envelopeBytes} fit in a request`;
    const settlement = unsendable(request, 'PAYLOAD_TOO_LARGE', detail, clock.now());
    this.#take(1, record.offset);
    this.#journal.add({
      records: settlementRecords(settlement, serdes, topics),
      committed: () => metrics.events('dead', 1),
    });
  }

  #claimBatch(members: readonly [PendingRequest, ...PendingRequest[]]): void {
    const first = members[0].record.offset;
    const last = members.at(-1)?.record.offset ?? first;
    const requests = members.map(({ request }) => request);
    const batch = this.#newBatch(first, last);
    this.#take(members.length, last);
    this.#context.window.addBatch();
    this.#progress.batchClaimed(batch.id, first);
    this.#journal.add({
      changes: [this.#store.put('claimed', batch)],
      durable: true,
      committed: () => {
        this.#dispatcher.add(batch, requests);
        this.pump();
      },
    });
  }

  #newBatch(first: number, last: number): DeliveryBatch {
    const { newId, clock } = this.#context;
    const offsets = [{ first, last }];
    const fresh = { attempts: 0, failures: 0, requests: [], nextAttemptAt: null };
    return { id: newId(), createdAt: clock.now(), offsets, ...fresh };
  }

  #take(count: number, lastOffset: number): void {
    this.#pending.shift(count);
    this.#progress.advance(lastOffset);
  }

  /** A batch claimed before a restart may have been sent: it goes first, and as it was. One whose members are gone
   * from the topic in part (retention) cannot be that batch any more; what is left of it is a new one. */
  async #recover(partition: number): Promise<void> {
    const { newId, clock, window } = this.#context;
    for (const { batch, requests, complete } of await recoverClaimed(this.#context, partition, this.#store)) {
      if (complete) {
        this.#progress.batchClaimed(batch.id, firstOffset(batch));
        window.addBatch();
        this.#dispatcher.add(batch, requests);
        continue;
      }
      const now = clock.now();
      const rest = { ...batch, id: newId(), createdAt: now, offsets: [], requests, nextAttemptAt: now };
      this.#progress.waitingChanged(requests.length);
      this.#journal.add({
        changes: [
          this.#store.remove('claimed', batchKey(batch)),
          ...(requests.length === 0 ? [] : [this.#store.put('waiting', rest)]),
        ],
      });
    }
    await this.#journal.settled();
  }

  #lingersUntil(): number {
    return (this.#pending.oldestArrival ?? Number.POSITIVE_INFINITY) + this.#context.limits.lingerMs;
  }

  /** Only for what will be due: what is due and must wait for room is woken by the window. */
  #setTimer(): void {
    const now = this.#context.clock.now();
    const due = [this.#lingersUntil(), this.#dispatcher.nextDue].filter((at) => at > now);
    const at = Math.min(...due);
    if (this.#timer?.at === at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    const cancel = this.#context.clock.after(at - now, () => {
      this.#timer = undefined;
      this.pump();
    });
    this.#timer = { at, cancel };
  }
}
