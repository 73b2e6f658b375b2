import type { OutgoingRecord, StoredRecord } from '../log/log.ts';
import { GlobalTable } from '../state/global-table.ts';
import type { StateReader } from '../state/state-reader.ts';
import { TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import { PartitionGroup } from '../task/partition-group.ts';
import { TaskTopology } from '../task/task-topology.ts';
import type { SubTopology } from '../topology/nodes.ts';
import type { Topology } from '../topology/topology.ts';
import { MemoryState } from './memory-state.ts';

export interface SuspendingOptions {
  /** Entries each store keeps in memory between commits. */
  readonly maxEntriesPerStore: number;
  /** Records between two commits. */
  readonly commitEvery: number;
  /** Reads what a record will need before it is processed. */
  readonly prefetch: boolean;
  /** Commits between two restarts on the committed state; undefined: none. */
  readonly restartEvery?: number | undefined;
}

interface SuspendedTask {
  readonly sub: SubTopology;
  readonly memory: MemoryState;
  state: TaskState;
  topology: TaskTopology;
  uncommitted: number;
  commits: number;
}

/**
 * Runs a topology as `TopologyTestDriver` does, but over state that can only be read by waiting, and that is forgotten
 * as early and as often as asked: for tests that hold what waits and restarts to what does not.
 */
export class SuspendingDriver {
  /** Everything that was written, in order. */
  readonly written: StoredRecord[] = [];
  /** How often a record had to wait. */
  suspensions = 0;

  private readonly options: SuspendingOptions;
  private readonly globals = new Map<string, GlobalTable>();
  private readonly tasks: SuspendedTask[] = [];
  private readonly queue = new PartitionGroup();
  private wallClock = 0;

  static async start(topology: Topology, options: SuspendingOptions): Promise<SuspendingDriver> {
    const { subTopologies, globalTables } = topology.parts();
    const driver = new SuspendingDriver(options);
    for (const node of globalTables) driver.globals.set(node.store, new GlobalTable(node));
    for (const sub of subTopologies) {
      const memory = new MemoryState();
      const opened = await driver.open(sub, memory);
      driver.tasks.push({ sub, memory, ...opened, uncommitted: 0, commits: 0 });
    }
    return driver;
  }

  private constructor(options: SuspendingOptions) {
    this.options = options;
  }

  async send(record: OutgoingRecord): Promise<void> {
    this.write(record);
    await this.processQueue();
  }

  async advanceWallClock(ms: number): Promise<void> {
    this.wallClock += ms;
    for (const task of this.tasks) {
      await this.untilDone(() => task.topology.punctuateWallClock());
      this.collect(task);
    }
    await this.processQueue();
  }

  /** A task on what its memory holds. */
  private async open(
    sub: SubTopology,
    memory: MemoryState,
  ): Promise<Pick<SuspendedTask, 'state' | 'topology'>> {
    const waiting: StateReader = {
      getMany: (store, keys) => memory.getMany(store, keys),
      scan: (store, range) => memory.scan(store, range),
    };
    const state = new TaskState(waiting, { maxEntriesPerStore: this.options.maxEntriesPerStore });
    await state.restoreRegisters();
    const topology = new TaskTopology(sub, {
      taskId: `${sub.id}_0`,
      partition: 0,
      state,
      wallClock: () => this.wallClock,
      partitionsOf: () => 1,
      globalStores: this.globals,
    });
    await this.untilDone(() => topology.init());
    return { state, topology };
  }

  private async processQueue(): Promise<void> {
    for (let record = this.queue.take(1)[0]; record !== undefined; record = this.queue.take(1)[0]) {
      const next = record;
      const task = this.tasks.find(({ sub }) => sub.sourceTopics.includes(next.topic));
      if (task === undefined) continue;
      if (this.options.prefetch) {
        await task.state.prefetch((request) => task.topology.collectKeys(next, request));
      }
      await this.untilDone(() => task.topology.process(next));
      this.collect(task);
      if (++task.uncommitted >= this.options.commitEvery) await this.commit(task);
    }
  }

  private async commit(task: SuspendedTask): Promise<void> {
    await task.state.sweep();
    task.memory.apply(task.state.changes());
    task.state.committed();
    task.uncommitted = 0;
    task.commits++;
    const { restartEvery } = this.options;
    if (restartEvery === undefined || task.commits % restartEvery !== 0) return;
    task.topology.close();
    Object.assign(task, await this.open(task.sub, task.memory));
  }

  private async untilDone(step: () => unknown): Promise<void> {
    for (;;) {
      try {
        step();
        return;
      } catch (error) {
        if (!(error instanceof Suspend)) throw error;
        this.suspensions++;
        await error.until;
      }
    }
  }

  private collect(task: SuspendedTask): void {
    for (const output of task.topology.outputs.splice(0)) this.write(output);
  }

  private write(record: OutgoingRecord): void {
    const stored = { ...record, partition: 0, offset: this.written.length };
    this.written.push(stored);
    for (const global of this.globals.values()) if (global.topic === record.topic) global.apply(stored);
    if (this.tasks.some(({ sub }) => sub.sourceTopics.includes(record.topic))) this.queue.add([stored]);
  }
}
