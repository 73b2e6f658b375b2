import { ProcessingError } from '../errors.ts';
import type { LogRecord, OutgoingRecord, StoredRecord } from '../log/log.ts';
import type { Cancellable, PunctuationType, Register } from '../processor.ts';
import type { RecordMetadata } from '../record.ts';
import { UnknownSchemaId } from '../serdes/index.ts';
import type { PrefetchRequest, TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import type { SinkNode, SourceNode, SubTopology } from '../topology/nodes.ts';
import { PrefetchPlan } from './prefetch-plan.ts';
import { PunctuationQueue } from './punctuation.ts';
import { type AnyProcessor, type AnyRecord, type NodeCount, RuntimeNode } from './runtime-node.ts';
import { SerializeOnce } from './serialize-once.ts';
import { type ContextHost, TaskContext } from './task-context.ts';

interface RuntimeSource extends NodeCount {
  readonly spec: SourceNode;
  readonly children: readonly RuntimeNode[];
  readonly prefetches: PrefetchPlan;
}

export interface TaskTopologyOptions {
  readonly taskId: string;
  readonly partition: number;
  readonly state: TaskState;
  readonly wallClock: () => number;
  /** Partition count of a topic, for sinks with a partitioner of their own. */
  readonly partitionsOf: (topic: string) => number;
  /** Throws a `Suspend` if the topic must be made first. */
  readonly beforeSend?: ((topic: string) => void) | undefined;
  /** Tables that every process holds whole, by the names of their stores. */
  readonly globalStores?: ReadonlyMap<string, unknown> | undefined;
}

const STREAM_TIME = 'stream-time';
const NOWHERE: RecordMetadata = { topic: '', partition: -1, offset: -1 };

/**
 * One sub-topology, instantiated for one partition: records go in, and out come `outputs` and changes in the
 * task's state. Synchronous and free of I/O; `StreamTask` and `TopologyTestDriver` drive it.
 */
export class TaskTopology implements ContextHost {
  readonly outputs: OutgoingRecord[] = [];
  /** Where the current record was read; undefined between records. */
  metadata: RecordMetadata | undefined;
  /** Time of the record that is being processed, as it was forwarded, or of the last. */
  recordTime = -1;

  private readonly options: TaskTopologyOptions;
  /** What went through each node so far. */
  readonly counts: NodeCount[] = [];
  private readonly sources = new Map<string, RuntimeSource>();
  private readonly processors: AnyProcessor[] = [];
  /** What is left to initialise, children first. */
  private readonly inits: (() => void)[] = [];
  private readonly stores = new Map<string, unknown>();
  private readonly streamPunctuations: PunctuationQueue;
  private readonly wallPunctuations: PunctuationQueue;
  private readonly streamTimeRegister: Register;
  private readonly keyBytes = new SerializeOnce();
  private readonly valueBytes = new SerializeOnce();

  constructor(subTopology: SubTopology, options: TaskTopologyOptions) {
    this.options = options;
    const onRollback = (undo: () => void): void => options.state.onRollback(undo);
    this.streamPunctuations = new PunctuationQueue(onRollback);
    this.wallPunctuations = new PunctuationQueue(onRollback);
    this.streamTimeRegister = options.state.register(STREAM_TIME);
    for (const [name, store] of options.globalStores ?? []) this.stores.set(name, store);
    for (const builder of subTopology.stores) this.stores.set(builder.name, options.state.build(builder));
    const nodes = this.instantiate(subTopology);
    this.counts.push(...nodes.values());
    for (const spec of subTopology.sources) {
      const source = {
        node: spec.name,
        records: 0,
        sent: 0,
        bytes: 0,
        spec,
        children: childrenOf(spec.name, subTopology, nodes),
        prefetches: new PrefetchPlan(spec, subTopology),
      };
      this.counts.push(source);
      for (const topic of spec.topics) this.sources.set(topic, source);
    }
  }

  get taskId(): string {
    return this.options.taskId;
  }

  get partition(): number {
    return this.options.partition;
  }

  get streamTime(): number {
    return this.streamTimeRegister.get();
  }

  get wallClockTime(): number {
    return this.options.wallClock();
  }

  /** Earliest wall-clock time at which `punctuateWallClock` has something to do. */
  get nextWallClockDue(): number {
    return this.wallPunctuations.nextDue;
  }

  /** Names the stored keys a record is likely to need. */
  collectKeys(record: StoredRecord, request: PrefetchRequest): void {
    this.sources.get(record.topic)?.prefetches.collect(record, request.of);
  }

  /**
   * Carries one record through the whole sub-topology, stream-time punctuators included. All or nothing: throws a
   * `Suspend` or a `ProcessingError` after undoing everything.
   */
  process(stored: StoredRecord): void {
    const mark = this.outputs.length;
    let stage: ProcessingError['stage'] = 'deserialization';
    this.metadata = stored;
    try {
      const source = this.sources.get(stored.topic);
      if (source === undefined) throw new Error(`no source reads topic "${stored.topic}"`);
      const record = toStreamRecord(source.spec, stored);
      if (record !== undefined) {
        stage = 'processing';
        this.recordTime = record.timestamp;
        if (record.timestamp > this.streamTime) this.streamTimeRegister.set(record.timestamp);
        for (const child of source.children) child.process(record);
        stage = 'punctuation';
        this.streamPunctuations.punctuate(this.streamTime);
      }
      this.options.state.accept();
      source.records++;
      source.sent++;
      source.bytes += bytesOf(stored);
    } catch (error) {
      this.outputs.length = mark;
      this.options.state.rollback();
      if (error instanceof Suspend) throw error;
      // Not an error of the record: its schema only has to be fetched first.
      if (error instanceof UnknownSchemaId) throw new Suspend(error.load());
      throw error instanceof ProcessingError ? error : new ProcessingError(stage, stored, error);
    } finally {
      this.metadata = undefined;
    }
  }

  /** Fires wall-clock punctuators that are due; all or nothing, as `process`. Returns whether any was. */
  punctuateWallClock(): boolean {
    const mark = this.outputs.length;
    try {
      const fired = this.wallPunctuations.punctuate(this.options.wallClock());
      this.options.state.accept();
      return fired;
    } catch (error) {
      this.outputs.length = mark;
      this.options.state.rollback();
      throw error;
    }
  }

  store(name: string): unknown {
    return this.stores.get(name);
  }

  schedule(intervalMs: number, type: PunctuationType, punctuator: (timestamp: number) => void): Cancellable {
    return type === 'stream-time'
      ? this.streamPunctuations.schedule(0, intervalMs, punctuator)
      : this.wallPunctuations.schedule(this.options.wallClock() + intervalMs, intervalMs, punctuator);
  }

  register(name: string, initial?: number): Register {
    return this.options.state.register(name, initial);
  }

  close(): void {
    for (const processor of this.processors) processor.close?.();
  }

  /** Initialises the processors, parents first, before the first record. After a `Suspend` it is called again and
   * goes on where it was. */
  init(): void {
    for (let init = this.inits.at(-1); init !== undefined; init = this.inits.at(-1)) {
      try {
        init();
      } catch (error) {
        this.options.state.rollback();
        throw error;
      }
      this.options.state.accept();
      this.inits.pop();
    }
  }

  private instantiate(subTopology: SubTopology): ReadonlyMap<string, RuntimeNode> {
    const nodes = new Map<string, RuntimeNode>();
    const globals = [...(this.options.globalStores?.keys() ?? [])];
    // Children first: a node's children are known when its context is made.
    for (const node of [...subTopology.nodes].reverse()) {
      if (node.kind === 'processor') {
        const children = childrenOf(node.name, subTopology, nodes);
        const processor = node.supplier();
        this.processors.push(processor);
        const runtime = new RuntimeNode(node.name, processor);
        nodes.set(node.name, runtime);
        const stores = new Set([...node.stores, ...globals]);
        this.inits.push(() => processor.init?.(new TaskContext(this, runtime, stores, children)));
      } else if (node.kind === 'sink') {
        const sink: RuntimeNode = new RuntimeNode(node.name, {
          process: (record) => {
            sink.bytes += this.send(node, record);
            sink.sent++;
          },
        });
        nodes.set(node.name, sink);
      }
    }
    return nodes;
  }

  /** Returns the bytes sent. */
  private send(sink: SinkNode, record: AnyRecord): number {
    const { key, value, timestamp, headers } = record;
    const topic =
      typeof sink.topic === 'string'
        ? sink.topic
        : sink.topic(key, value, { ...(this.metadata ?? NOWHERE), timestamp, headers });
    this.options.beforeSend?.(topic);
    const output: OutgoingRecord = {
      topic,
      partition: sink.partitioner?.(key, value, this.options.partitionsOf(topic)),
      key: this.keyBytes.of(key, sink.key),
      value: this.valueBytes.of(value, sink.value),
      timestamp,
      headers,
    };
    this.outputs.push(output);
    return bytesOf(output);
  }
}

const bytesOf = ({ key, value }: LogRecord): number => (key?.length ?? 0) + (value?.length ?? 0);

/** Undefined if the source's extractor gives it a negative time, and so says to skip it. */
function toStreamRecord(source: SourceNode, stored: StoredRecord): AnyRecord | undefined {
  const key = stored.key === null ? null : source.key.deserialize(stored.key);
  const value = stored.value === null ? null : source.value.deserialize(stored.value);
  const timestamp =
    source.timestampExtractor === undefined
      ? stored.timestamp
      : source.timestampExtractor(value, stored.timestamp);
  if (timestamp < 0 && source.timestampExtractor !== undefined) return undefined;
  // What is no number at all would stop every window's time for good.
  if (!(timestamp >= 0)) throw new RangeError(`${source.name}: ${timestamp} is no timestamp`);
  return { key, value, timestamp, headers: stored.headers };
}

function childrenOf(
  name: string,
  subTopology: SubTopology,
  nodes: ReadonlyMap<string, RuntimeNode>,
): RuntimeNode[] {
  return subTopology.nodes.flatMap((node) => {
    if (node.kind === 'source' || !node.parents.includes(name)) return [];
    const child = nodes.get(node.name);
    return child === undefined ? [] : [child];
  });
}
