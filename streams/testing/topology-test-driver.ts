import { ProcessingError } from '../errors.ts';
import { type Headers, NO_HEADERS, type OutgoingRecord, type StoredRecord } from '../log/log.ts';
import type { Serde } from '../serdes/serde.ts';
import { GlobalTable } from '../state/global-table.ts';
import { TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import { deadLetter } from '../task/dead-letter.ts';
import { PartitionGroup } from '../task/partition-group.ts';
import { TaskTopology } from '../task/task-topology.ts';
import type { Topology } from '../topology/topology.ts';
import { MemoryState } from './memory-state.ts';

export interface TestDriverOptions {
  /** Wall-clock time at the start; it moves only with `advanceWallClock`. Default 0. */
  readonly initialWallClock?: number | undefined;
  /** As of `StreamsApp`: where a record goes that cannot be processed. Left out, sending it throws. */
  readonly deadLetterTopic?: string | undefined;
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

/** A change of a store, as its changelog gets it. */
export interface StoreChange {
  readonly key: Buffer;
  /** The value as the store keeps it (of a table: with its timestamp), null where the key was deleted. */
  readonly value: unknown;
  /** Time of the record that made it. */
  readonly timestamp: number;
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
  private readonly globals = new Map<string, GlobalTable>();
  private readonly written = new Map<string, StoredRecord[]>();
  private readonly unread = new Map<string, number>();
  private readonly changes = new Map<string, StoreChange[]>();
  private readonly queue = new PartitionGroup();
  private readonly deadLetterTopic: string | undefined;
  private wallClock: number;

  constructor(topology: Topology, options: TestDriverOptions = {}) {
    this.wallClock = options.initialWallClock ?? 0;
    this.deadLetterTopic = options.deadLetterTopic;
    const { subTopologies, globalTables } = topology.parts();
    for (const node of globalTables) this.globals.set(node.store, new GlobalTable(node));
    this.tasks = subTopologies.map((sub) => {
      const memory = new MemoryState();
      const state = new TaskState(memory, { maxEntriesPerStore: Number.POSITIVE_INFINITY });
      const task = new TaskTopology(sub, {
        taskId: `${sub.id}_0`,
        partition: 0,
        state,
        wallClock: () => this.wallClock,
        partitionsOf: () => 1,
        globalStores: this.globals,
      });
      for (const { name } of sub.stores) this.recordChanges(name, task, state);
      return { topics: sub.sourceTopics, topology: task, state, memory };
    });
    for (const task of this.tasks) {
      task.topology.init();
      this.finish(task);
    }
    this.processQueue();
  }

  input<K, V>(topic: string, key: Serde<K>, value: Serde<V>): TestInput<K, V> {
    return {
      send: (k, v, { timestamp = this.wallClock, headers = NO_HEADERS } = {}) => {
        this.write({
          topic,
          key: k === null ? null : key.serialize(k),
          value: v === null ? null : value.serialize(v),
          timestamp,
          headers,
        });
        this.processQueue();
      },
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
    const global = this.globals.get(name);
    if (global !== undefined) return global as S;
    throw new Error(`the topology has no state store named "${name}"`);
  }

  /** The changes of a store since the start, in order. */
  changelog(store: string): readonly StoreChange[] {
    return this.changes.get(store) ?? [];
  }

  /** Moves the wall clock and fires the punctuators that are due. */
  advanceWallClock(ms: number): void {
    this.wallClock += ms;
    for (const task of this.tasks) {
      task.topology.punctuateWallClock();
      this.finish(task);
    }
    this.processQueue();
  }

  close(): void {
    for (const { topology } of this.tasks) topology.close();
  }

  /** A record is processed to its end before the records it made are, as they would be from a topic. */
  private processQueue(): void {
    for (let record = this.queue.take(1)[0]; record !== undefined; record = this.queue.take(1)[0]) {
      const { topic } = record;
      for (const task of this.tasks) {
        if (!task.topics.includes(topic)) continue;
        try {
          task.topology.process(record);
        } catch (error) {
          if (error instanceof Suspend) throw new Error('a record waits for something outside the topology');
          if (this.deadLetterTopic === undefined || !(error instanceof ProcessingError)) throw error;
          this.write(deadLetter(this.deadLetterTopic, record, error));
        }
        this.finish(task);
      }
    }
  }

  /** Commits a task, and writes what it sent. */
  private finish(task: DrivenTask): void {
    task.state.sweep();
    task.memory.apply(task.state.changes());
    task.state.committed();
    for (const output of task.topology.outputs.splice(0)) this.write(output);
  }

  private write(record: OutgoingRecord): void {
    const records = this.written.get(record.topic) ?? [];
    this.written.set(record.topic, records);
    const stored = { ...record, partition: 0, offset: records.length };
    records.push(stored);
    for (const global of this.globals.values()) if (global.topic === record.topic) global.apply(stored);
    if (this.tasks.some(({ topics }) => topics.includes(record.topic))) this.queue.add([stored]);
  }

  private recordChanges(store: string, task: TaskTopology, state: TaskState): void {
    const changes: StoreChange[] = [];
    this.changes.set(store, changes);
    const buffer = state.buffer(store);
    if (buffer === undefined) return;
    buffer.onChange = (key, value) => changes.push({ key, value, timestamp: task.recordTime });
  }
}
