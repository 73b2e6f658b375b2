import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { ProcessingError } from '../errors.ts';
import type { OutgoingRecord, RecordPosition, StoredRecord, TaskLog } from '../log/log.ts';
import type { StateReader } from '../state/state-reader.ts';
import { TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import type { SubTopology } from '../topology/nodes.ts';
import { deadLetter, type UnprocessableHandler } from './dead-letter.ts';
import { PartitionGroup } from './partition-group.ts';
import type { NodeCount } from './runtime-node.ts';
import { TaskTopology } from './task-topology.ts';

export interface StreamTaskOptions {
  readonly id: string;
  readonly partition: number;
  readonly subTopology: SubTopology;
  readonly taskLog: TaskLog;
  readonly wallClock: () => number;
  readonly partitionsOf: (topic: string) => number;
  readonly beforeSend: (topic: string) => void;
  readonly globalStores: ReadonlyMap<string, unknown>;
  /** Where a record that cannot be processed goes; undefined: the task stops at it. */
  readonly deadLetterTopic: string | undefined;
  readonly onUnprocessable: UnprocessableHandler | undefined;
  /** Records per commit, at most. */
  readonly maxBatch: number;
  /** How long what was processed may wait to be committed together with what follows; 0: not at all. */
  readonly commitIntervalMs: number;
  readonly maxEntriesPerStore: number;
  readonly onCommit: (seconds: number) => void;
  readonly onDeadLetter: (error: ProcessingError) => void;
  readonly onBatch: (batch: { records: number; outputs: number; seconds: number }) => void;
  readonly onError: (error: Error) => void;
}

/** How long processors may hold the event loop before others get a turn. */
const SLICE_MS = 10;
/** Fetched records that wait for a task; above this it stops fetching. */
const MAX_QUEUED = 2_000;
/** Outputs that end a batch early, so that memory stays bounded when one record makes many. */
const MAX_OUTPUTS = 10_000;

/** Processed records that may wait for a commit, whatever the interval, so that memory stays bounded. */
const MAX_UNCOMMITTED = 10_000;

/** The task was closed while a record waited for something: its batch is not committed and will be run again. */
const CLOSING = Symbol('closing');

/**
 * A sub-topology on one partition number: takes what was fetched, in batches; reads the state a batch will need,
 * processes it synchronously, and commits outputs, state and offsets at once.
 */
export class StreamTask {
  readonly id: string;
  private readonly options: StreamTaskOptions;
  private readonly state: TaskState;
  private readonly topology: TaskTopology;
  private readonly queue = new PartitionGroup();
  private readonly committed = new Map<string, RecordPosition>();
  /** Offsets to commit: of records that were processed since the last commit. */
  private readonly processed = new Map<string, RecordPosition>();
  private uncommitted = 0;
  /** Infinite while there is nothing to commit. */
  private commitDue = Number.POSITIVE_INFINITY;
  private committedOutputs = 0;
  private wake: () => void = () => {};
  private drained: (() => void)[] = [];
  private closing = false;
  private stopWaiting: () => void = () => {};
  private readonly stopped = new Promise<void>((resolve) => {
    this.stopWaiting = resolve;
  });
  private running: Promise<void> = Promise.resolve();

  /** Opens the task on its committed state, initialises its processors, and begins to process what is enqueued. */
  static async start(options: StreamTaskOptions): Promise<StreamTask> {
    const state = new TaskState(options.taskLog, { maxEntriesPerStore: options.maxEntriesPerStore });
    await state.restoreRegisters();
    const task = new StreamTask(options, state);
    await task.untilNotSuspended(() => task.topology.init());
    task.running = task.run();
    return task;
  }

  private constructor(options: StreamTaskOptions, state: TaskState) {
    this.id = options.id;
    this.options = options;
    this.state = state;
    for (const { topic, partition, offset } of options.taskLog.committed) {
      this.committed.set(`${topic}\0${partition}`, { topic, partition, offset });
    }
    this.topology = new TaskTopology(options.subTopology, {
      taskId: options.id,
      partition: options.partition,
      state,
      wallClock: options.wallClock,
      partitionsOf: options.partitionsOf,
      beforeSend: options.beforeSend,
      globalStores: options.globalStores,
    });
  }

  get subTopology(): SubTopology {
    return this.options.subTopology;
  }

  get partition(): number {
    return this.options.partition;
  }

  /** What went through each node since the task was opened. */
  get counts(): readonly NodeCount[] {
    return this.topology.counts;
  }

  get caches(): TaskState['caches'] {
    return this.state.caches;
  }

  /** About how many bytes a store takes up on disk. */
  sizeOf(store: string): Promise<number> {
    return this.options.taskLog.sizeOf(store);
  }

  /** Next offset to process of each partition, as far as this task has committed any. */
  get positions(): Iterable<RecordPosition> {
    return this.committed.values();
  }

  /** The task's state for queries from outside. */
  get reader(): StateReader {
    return this.state.outside;
  }

  /** Takes fetched records; the promise resolves when there is room for more. */
  enqueue(records: readonly StoredRecord[]): void | Promise<void> {
    this.queue.add(records);
    this.wake();
    if (this.queue.size < MAX_QUEUED || this.closing) return;
    return new Promise((resolve) => this.drained.push(resolve));
  }

  /** Finishes the batch under way, commits what was processed, then lets go. What is enqueued is left to the next owner. */
  async close(): Promise<void> {
    this.closing = true;
    this.stopWaiting();
    this.wake();
    this.release();
    await this.running;
    this.queue.clear();
    this.topology.close();
    await this.options.taskLog.close();
  }

  private async run(): Promise<void> {
    try {
      while (!this.closing) {
        if (this.queue.size > 0) await this.processBatch();
        else if (this.commitDue <= performance.now()) await this.commit();
        else if (this.topology.nextWallClockDue <= this.options.wallClock()) await this.punctuate();
        else await this.untilWoken();
      }
      if (this.commitDue < Number.POSITIVE_INFINITY) await this.commit();
    } catch (error) {
      if (error === CLOSING) return;
      this.closing = true;
      this.release();
      this.options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async processBatch(): Promise<void> {
    const started = performance.now();
    const batch = this.queue.take(this.options.maxBatch);
    if (this.queue.size < MAX_QUEUED) this.release();
    await this.state.prefetch((request) => {
      for (const record of batch) this.topology.collectKeys(record, request);
    });
    const outputsBefore = this.outputsMade;
    let sliceEnd = performance.now() + SLICE_MS;
    for (const record of batch) {
      const waiting = this.processRecord(record);
      if (waiting !== undefined) await waiting;
      this.noteProcessed(record);
      if (this.topology.outputs.length >= MAX_OUTPUTS) await this.commit();
      if ((this.uncommitted & 15) === 0 && performance.now() > sliceEnd) {
        await yieldToEventLoop();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    if (this.topology.nextWallClockDue <= this.options.wallClock()) {
      await this.untilNotSuspended(() => this.topology.punctuateWallClock());
    }
    const sweeping = this.state.sweep();
    if (sweeping !== undefined) await sweeping;
    this.commitDue = Math.min(this.commitDue, started + this.options.commitIntervalMs);
    if (this.uncommitted >= MAX_UNCOMMITTED || this.commitDue <= performance.now()) await this.commit();
    this.options.onBatch({
      records: batch.length,
      outputs: this.outputsMade - outputsBefore,
      seconds: (performance.now() - started) / 1000,
    });
  }

  /** Returns a promise only if the record has to wait for something, so that most records cost no turn. */
  private processRecord(record: StoredRecord): undefined | Promise<void> {
    try {
      this.topology.process(record);
      return undefined;
    } catch (error) {
      return this.retryRecord(record, error);
    }
  }

  private async retryRecord(record: StoredRecord, error: unknown): Promise<void> {
    let failure = error;
    while (failure instanceof Suspend) {
      await this.waitFor(failure);
      try {
        this.topology.process(record);
        return;
      } catch (again) {
        failure = again;
      }
    }
    const { deadLetterTopic, onUnprocessable } = this.options;
    if (deadLetterTopic === undefined || !(failure instanceof ProcessingError)) throw failure;
    if (onUnprocessable?.(failure, record) === 'stop') throw failure;
    this.topology.outputs.push(deadLetter(deadLetterTopic, record, failure));
    this.options.onDeadLetter(failure);
  }

  private async punctuate(): Promise<void> {
    await this.untilNotSuspended(() => this.topology.punctuateWallClock());
    await this.commit();
  }

  private get outputsMade(): number {
    return this.committedOutputs + this.topology.outputs.length;
  }

  private noteProcessed({ topic, partition, offset }: StoredRecord): void {
    this.processed.set(`${topic}\0${partition}`, { topic, partition, offset: offset + 1 });
    this.uncommitted++;
  }

  private async commit(): Promise<void> {
    const started = performance.now();
    const records: OutgoingRecord[] = this.topology.outputs.splice(0);
    await this.options.taskLog.commit({
      offsets: [...this.processed.values()],
      records,
      changes: this.state.changes(),
    });
    this.options.onCommit((performance.now() - started) / 1000);
    this.state.committed();
    for (const [key, position] of this.processed) this.committed.set(key, position);
    this.processed.clear();
    this.uncommitted = 0;
    this.commitDue = Number.POSITIVE_INFINITY;
    this.committedOutputs += records.length;
  }

  private async untilNotSuspended(step: () => void): Promise<void> {
    for (;;) {
      try {
        step();
        return;
      } catch (error) {
        if (!(error instanceof Suspend)) throw error;
        await this.waitFor(error);
      }
    }
  }

  private async waitFor(suspend: Suspend): Promise<void> {
    await Promise.race([suspend.until, this.stopped]);
    if (this.closing) throw CLOSING;
  }

  private async untilWoken(): Promise<void> {
    const punctuationIn = this.topology.nextWallClockDue - this.options.wallClock();
    const due = Math.min(punctuationIn, this.commitDue - performance.now());
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (Number.isFinite(due)) {
        // Node's timers hold at most 2^31-1 ms; a longer wait is simply taken in parts.
        timer = setTimeout(resolve, Math.min(Math.max(due, 0), 2 ** 31 - 1));
      }
      if (this.queue.size > 0 || this.closing) resolve();
    });
    clearTimeout(timer);
    this.wake = () => {};
  }

  private release(): void {
    for (const resolve of this.drained.splice(0)) resolve();
  }
}
