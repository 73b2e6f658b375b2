import { type Headers, NO_HEADERS, type OutgoingRecord, type StoredRecord } from '../log/log.ts';
import type { Serde } from '../serdes/serde.ts';
import { TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import { TaskTopology } from '../task/task-topology.ts';
import type { Topology } from '../topology/topology.ts';
import { MemoryState } from './memory-state.ts';

export interface TestDriverOptions {
  /** Wall-clock time at the start; it moves only with `advanceWallClock`. Default 0. */
  readonly initialWallClock?: number | undefined;
}

export interface TestInput<K, V> {
  send(key: K | null, value: V | null, options?: { timestamp?: number; headers?: Headers }): void;
}

export interface TestRecord<K, V> {
  readonly key: K | null;
  readonly value: V | null;
  readonly timestamp: number;
  readonly headers: Headers;
}

export interface TestOutput<K, V> {
  /** What was written to the topic since the last reading, in order. */
  readAll(): TestRecord<K, V>[];
}

interface DrivenTask {
  readonly topics: readonly string[];
  readonly topology: TaskTopology;
  readonly state: TaskState;
  readonly memory: MemoryState;
}

/**
 * Runs a topology in memory, one partition everywhere, one record at a time and to its end: no log, no timers, no
 * waiting. A record that would have to wait for something outside is an error here.
 */
export class TopologyTestDriver {
  private readonly tasks: readonly DrivenTask[];
  private readonly written = new Map<string, StoredRecord[]>();
  private readonly unread = new Map<string, number>();
  private wallClock: number;

  constructor(topology: Topology, options: TestDriverOptions = {}) {
    this.wallClock = options.initialWallClock ?? 0;
    this.tasks = topology.subTopologies().map((sub) => {
      const memory = new MemoryState();
      const state = new TaskState(memory, { maxEntriesPerStore: Number.POSITIVE_INFINITY });
      const task = new TaskTopology(sub, {
        taskId: `${sub.id}_0`,
        partition: 0,
        state,
        wallClock: () => this.wallClock,
        partitionsOf: () => 1,
      });
      return { topics: sub.sourceTopics, topology: task, state, memory };
    });
    for (const task of this.tasks) {
      task.topology.init();
      this.finish(task);
    }
  }

  input<K, V>(topic: string, key: Serde<K>, value: Serde<V>): TestInput<K, V> {
    return {
      send: (k, v, { timestamp = this.wallClock, headers = NO_HEADERS } = {}) =>
        this.pipe({
          topic,
          key: k === null ? null : key.serialize(k),
          value: v === null ? null : value.serialize(v),
          timestamp,
          headers,
        }),
    };
  }

  output<K, V>(topic: string, key: Serde<K>, value: Serde<V>): TestOutput<K, V> {
    return {
      readAll: () => {
        const records = this.written.get(topic) ?? [];
        const from = this.unread.get(topic) ?? 0;
        this.unread.set(topic, records.length);
        return records.slice(from).map((record) => ({
          key: record.key === null ? null : key.deserialize(record.key),
          value: record.value === null ? null : value.deserialize(record.value),
          timestamp: record.timestamp,
          headers: record.headers,
        }));
      },
    };
  }

  /** Topics that were written, those the topology reads itself included. */
  get writtenTopics(): readonly string[] {
    return [...this.written.keys()];
  }

  /** A state store by name, as processors see it. */
  store<S>(name: string): S {
    for (const { topology } of this.tasks) {
      const store = topology.store(name);
      if (store !== undefined) return store as S;
    }
    throw new Error(`the topology has no state store named "${name}"`);
  }

  /** Moves the wall clock and fires the punctuators that are due. */
  advanceWallClock(ms: number): void {
    this.wallClock += ms;
    for (const task of this.tasks) {
      task.topology.punctuateWallClock();
      this.finish(task);
    }
  }

  close(): void {
    for (const { topology } of this.tasks) topology.close();
  }

  private pipe(record: OutgoingRecord): void {
    const stored = this.write(record);
    for (const task of this.tasks) {
      if (!task.topics.includes(record.topic)) continue;
      try {
        task.topology.process(stored);
      } catch (error) {
        if (error instanceof Suspend) throw new Error('a record waits for something outside the topology');
        throw error;
      }
      this.finish(task);
    }
  }

  /** Commits a task and carries what it sent on to whoever reads it. */
  private finish(task: DrivenTask): void {
    task.memory.apply(task.state.changes());
    task.state.committed();
    for (const output of task.topology.outputs.splice(0)) this.pipe(output);
  }

  private write(record: OutgoingRecord): StoredRecord {
    const records = this.written.get(record.topic) ?? [];
    this.written.set(record.topic, records);
    const stored = { ...record, partition: 0, offset: records.length };
    records.push(stored);
    return stored;
  }
}
