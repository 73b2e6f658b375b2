import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Log, RestoreProgress } from '../log/log.ts';
import type { NodeCount } from '../task/runtime-node.ts';
import type { StreamTask } from '../task/stream-task.ts';
import { STREAMS_STATES, type StreamsState } from './streams-state.ts';

/** What an application is measured by when metrics are scraped. */
export interface MeasuredApp {
  readonly applicationId: string;
  readonly log: Log;
  readonly state: StreamsState;
  readonly sourceTopics: readonly string[];
  readonly runningTasks: Iterable<StreamTask>;
}

/**
 * Publishes what applications do: make one per prom-client registry and give it to every `StreamsApp`. Per record it
 * costs an increment or two; all else is read when somebody scrapes.
 */
export class StreamsMetrics {
  readonly #apps = new Set<MeasuredApp>();
  /** Counts as last published, by what counts. */
  readonly #published = new WeakMap<object, readonly number[]>();
  #collecting: Promise<void> | undefined;
  readonly #state;
  readonly #tasks;
  readonly #rebalances;
  readonly #records;
  readonly #sent;
  readonly #bytes;
  readonly #commits;
  readonly #deadLetters;
  readonly #lag;
  readonly #storeBytes;
  readonly #cached;
  readonly #hits;
  readonly #misses;
  readonly #restored;
  readonly #remaining;

  constructor(register: Registry) {
    const registers = [register];
    // prom-client reads all metrics at once, so each waits for the same look at the applications.
    const collect = (): Promise<void> => {
      this.#collecting ??= this.#collect().finally(() => {
        this.#collecting = undefined;
      });
      return this.#collecting;
    };
    const counter = <T extends string>(name: string, help: string, ...labels: T[]) =>
      new Counter({ name, help, labelNames: ['application', ...labels] as const, registers, collect });
    const gauge = <T extends string>(name: string, help: string, ...labels: T[]) =>
      new Gauge({ name, help, labelNames: ['application', ...labels] as const, registers, collect });

    this.#state = gauge('streams_state', '1 for the state an application is in, else 0.', 'state');
    this.#tasks = gauge('streams_tasks', 'Tasks that run here.');
    this.#rebalances = counter('streams_rebalances_total', 'Times partitions were assigned to this process.');
    this.#records = counter('streams_node_records_total', 'Records given to a node.', 'node');
    this.#sent = counter(
      'streams_node_sent_total',
      'Records a node has sent on, a sink to its topic.',
      'node',
    );
    this.#bytes = counter('streams_node_bytes_total', 'Bytes a source has read or a sink has sent.', 'node');
    this.#deadLetters = counter('streams_dead_letters_total', 'Records put aside as unprocessable.', 'stage');
    this.#lag = gauge('streams_lag_records', 'Records that wait to be processed.', 'topic', 'partition');
    this.#storeBytes = gauge('streams_store_bytes', 'About what a store takes up on disk.', 'store');
    this.#cached = gauge('streams_store_cached_entries', 'Entries of a store in memory.', 'store');
    this.#hits = counter('streams_store_hits_total', 'Reads of a store answered from memory.', 'store');
    this.#misses = counter('streams_store_misses_total', 'Reads of a store that had to wait.', 'store');
    this.#restored = gauge('streams_restore_records', 'Changelog records restored so far.', 'store', 'task');
    this.#remaining = gauge('streams_restore_remaining_records', 'Those still to come.', 'store', 'task');
    this.#commits = new Histogram({
      name: 'streams_commit_seconds',
      help: 'How long a commit of outputs, state and offsets takes.',
      labelNames: ['application'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
  }

  add(app: MeasuredApp): void {
    this.#apps.add(app);
  }

  rebalanced({ applicationId: application }: MeasuredApp): void {
    this.#rebalances.inc({ application });
  }

  committed({ applicationId: application }: MeasuredApp, seconds: number): void {
    this.#commits.observe({ application }, seconds);
  }

  deadLettered({ applicationId: application }: MeasuredApp, stage: string): void {
    this.#deadLetters.inc({ application, stage });
  }

  restoring({ applicationId: application }: MeasuredApp, progress: RestoreProgress): void {
    const { store, task, restored, remaining } = progress;
    this.#restored.set({ application, store, task }, restored);
    this.#remaining.set({ application, store, task }, remaining);
  }

  /** Publishes what a task has counted; also when it closes, so that nothing is forgotten. */
  count({ applicationId: application }: MeasuredApp, task: StreamTask): void {
    for (const count of task.counts) {
      const { node } = count;
      const growth = this.#growth(count, ({ records, sent, bytes }: NodeCount) => [records, sent, bytes]);
      const [records = 0, sent = 0, bytes = 0] = growth;
      if (records > 0) this.#records.inc({ application, node }, records);
      if (sent > 0) this.#sent.inc({ application, node }, sent);
      if (bytes > 0) this.#bytes.inc({ application, node }, bytes);
    }
    for (const [store, { stats }] of task.caches) {
      const [hits = 0, misses = 0] = this.#growth(stats, ({ hits, misses }) => [hits, misses]);
      this.#hits.inc({ application, store }, hits);
      this.#misses.inc({ application, store }, misses);
    }
  }

  #growth<T extends object>(counts: T, read: (counts: T) => readonly number[]): number[] {
    const before = this.#published.get(counts);
    const now = read(counts);
    this.#published.set(counts, now);
    return now.map((value, index) => value - (before?.[index] ?? 0));
  }

  async #collect(): Promise<void> {
    this.#lag.reset();
    await Promise.all([...this.#apps].map((app) => this.#collectApp(app)));
  }

  async #collectApp(app: MeasuredApp): Promise<void> {
    const application = app.applicationId;
    const tasks = [...app.runningTasks];
    for (const state of STREAMS_STATES) this.#state.set({ application, state }, app.state === state ? 1 : 0);
    this.#tasks.set({ application }, tasks.length);
    for (const task of tasks) this.count(app, task);
    await Promise.all([this.#collectStores(application, tasks), this.#collectLag(app, tasks)]);
  }

  async #collectStores(application: string, tasks: readonly StreamTask[]): Promise<void> {
    const sizes = new Map<string, { bytes: number; cached: number }>();
    for (const task of tasks) {
      for (const [store, { size }] of task.caches) {
        const sum = sizes.get(store) ?? { bytes: 0, cached: 0 };
        sizes.set(store, sum);
        sum.cached += size;
        // A task may be closed in this very moment; it is then no longer this process's to measure.
        sum.bytes += await task.sizeOf(store).catch(() => 0);
      }
    }
    for (const [store, { bytes, cached }] of sizes) {
      this.#storeBytes.set({ application, store }, bytes);
      this.#cached.set({ application, store }, cached);
    }
  }

  async #collectLag(app: MeasuredApp, tasks: readonly StreamTask[]): Promise<void> {
    const positions = new Map<string, number>();
    const key = (topic: string, partition: number): string => `${topic}\0${partition}`;
    for (const task of tasks) {
      for (const { topic, partition, offset } of task.positions) positions.set(key(topic, partition), offset);
    }
    const owned = new Set(tasks.map((task) => `${task.subTopology.id}\0${task.partition}`));
    for (const { id, sourceTopics } of new Set(tasks.map((task) => task.subTopology))) {
      for (const name of sourceTopics) {
        for (const { topic, partition, start, end } of await app.log.offsets(name)) {
          if (!owned.has(`${id}\0${partition}`)) continue;
          const lag = end - Math.max(positions.get(key(topic, partition)) ?? start, start);
          this.#lag.set({ application: app.applicationId, topic, partition: String(partition) }, lag);
        }
      }
    }
  }
}
