import { ProcessingError } from '../errors.ts';
import type { OutgoingRecord, StoredRecord } from '../log/log.ts';
import type { Processor, ProcessorContext, Register } from '../processor.ts';
import type { RecordMetadata, StreamRecord } from '../record.ts';
import { UnknownSchemaId } from '../serdes/index.ts';
import type { PrefetchRequest, TaskState } from '../state/task-state.ts';
import { Suspend } from '../suspend.ts';
import type { ProcessorNode, SinkNode, SourceNode, SubTopology } from '../topology/nodes.ts';
import { PunctuationQueue } from './punctuation.ts';

type AnyRecord = StreamRecord<unknown, unknown>;

interface RuntimeNode {
  readonly name: string;
  process(record: AnyRecord): void;
}

/** A state store of a source's key that can be read in advance. */
interface Prefetch {
  readonly store: string;
  readonly keyOf: (key: unknown) => Buffer | undefined;
}

interface RuntimeSource {
  readonly spec: SourceNode;
  readonly children: readonly RuntimeNode[];
  readonly prefetches: readonly Prefetch[];
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
}

const STREAM_TIME = 'stream-time';

/**
 * One sub-topology, instantiated for one partition: records go in, and out come `outputs` and changes in the
 * task's state. Synchronous and free of I/O; `StreamTask` and `TopologyTestDriver` drive it.
 */
export class TaskTopology {
  readonly outputs: OutgoingRecord[] = [];
  private readonly options: TaskTopologyOptions;
  private readonly sources = new Map<string, RuntimeSource>();
  private readonly processors: Processor<unknown, unknown, unknown, unknown>[] = [];
  /** What is left to initialise, children first. */
  private readonly inits: (() => void)[] = [];
  private readonly stores = new Map<string, unknown>();
  private readonly streamPunctuations: PunctuationQueue;
  private readonly wallPunctuations: PunctuationQueue;
  private readonly streamTimeRegister: Register;
  private metadata: RecordMetadata | undefined;

  constructor(subTopology: SubTopology, options: TaskTopologyOptions) {
    this.options = options;
    const onRollback = (undo: () => void): void => options.state.onRollback(undo);
    this.streamPunctuations = new PunctuationQueue(onRollback);
    this.wallPunctuations = new PunctuationQueue(onRollback);
    this.streamTimeRegister = options.state.register(STREAM_TIME);
    for (const builder of subTopology.stores) {
      this.stores.set(
        builder.name,
        builder.build({
          buffer: (codec) => options.state.open(builder.name, codec),
          register: (name) => options.state.register(`${builder.name}/${name}`),
        }),
      );
    }
    const nodes = this.instantiate(subTopology);
    for (const spec of subTopology.sources) {
      const source = {
        spec,
        children: childrenOf(spec.name, subTopology, nodes),
        prefetches: prefetchesOf(spec, subTopology),
      };
      for (const topic of spec.topics) this.sources.set(topic, source);
    }
  }

  get streamTime(): number {
    return this.streamTimeRegister.get();
  }

  /** Earliest wall-clock time at which `punctuateWallClock` has something to do. */
  get nextWallClockDue(): number {
    return this.wallPunctuations.nextDue;
  }

  /** Names the stored keys a record is likely to need. Never throws: what cannot be told is read when needed. */
  collectKeys(record: StoredRecord, request: PrefetchRequest): void {
    const source = this.sources.get(record.topic);
    if (source === undefined || record.key === null || source.prefetches.length === 0) return;
    try {
      const key = source.spec.key.deserialize(record.key);
      for (const { store, keyOf } of source.prefetches) {
        const bytes = keyOf(key);
        if (bytes !== undefined) request.key(store, bytes);
      }
    } catch {
      // The record will fail in `process`, where its error belongs.
    }
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
      stage = 'processing';
      if (record.timestamp > this.streamTime) this.streamTimeRegister.set(record.timestamp);
      for (const child of source.children) child.process(record);
      stage = 'punctuation';
      this.streamPunctuations.punctuate(this.streamTime);
      this.options.state.accept();
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

  close(): void {
    for (const processor of this.processors) processor.close?.();
  }

  private instantiate(subTopology: SubTopology): ReadonlyMap<string, RuntimeNode> {
    const nodes = new Map<string, RuntimeNode>();
    // Children first: a node's children are known when its context is made.
    for (const node of [...subTopology.nodes].reverse()) {
      if (node.kind === 'processor') {
        const children = childrenOf(node.name, subTopology, nodes);
        const processor = node.supplier();
        this.processors.push(processor);
        nodes.set(node.name, { name: node.name, process: (record) => processor.process(record) });
        this.inits.push(() => processor.init?.(this.contextFor(node, children)));
      } else if (node.kind === 'sink') {
        nodes.set(node.name, { name: node.name, process: (record) => this.send(node, record) });
      }
    }
    return nodes;
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

  private contextFor(
    node: ProcessorNode,
    children: readonly RuntimeNode[],
  ): ProcessorContext<unknown, unknown> {
    const task = this;
    const { options } = this;
    const only = children.length === 1 ? children[0] : undefined;
    return {
      taskId: options.taskId,
      partition: options.partition,
      get recordMetadata() {
        return task.metadata;
      },
      get streamTime() {
        return task.streamTime;
      },
      get wallClockTime() {
        return options.wallClock();
      },
      forward(record, child) {
        if (child === undefined) {
          if (only !== undefined) only.process(record);
          else for (const each of children) each.process(record);
          return;
        }
        const named = children.find((each) => each.name === child);
        if (named === undefined) throw new Error(`${node.name} has no child named "${child}"`);
        named.process(record);
      },
      store<S>(name: string): S {
        if (!node.stores.includes(name)) {
          throw new Error(`${node.name} is not connected to a state store named "${name}"`);
        }
        return task.stores.get(name) as S;
      },
      schedule: (intervalMs, type, punctuator) =>
        type === 'stream-time'
          ? task.streamPunctuations.schedule(0, intervalMs, punctuator)
          : task.wallPunctuations.schedule(options.wallClock() + intervalMs, intervalMs, punctuator),
      register: (name) => options.state.register(`${node.name}/${name}`),
    };
  }

  private send(sink: SinkNode, record: AnyRecord): void {
    const { key, value, timestamp, headers } = record;
    const topic =
      typeof sink.topic === 'string'
        ? sink.topic
        : sink.topic(key, value, { ...(this.metadata ?? NOWHERE), timestamp, headers });
    this.options.beforeSend?.(topic);
    this.outputs.push({
      topic,
      partition: sink.partitioner?.(key, value, this.options.partitionsOf(topic)),
      key: key === null || key === undefined ? null : sink.key.serialize(key),
      value: value === null || value === undefined ? null : sink.value.serialize(value),
      timestamp,
      headers,
    });
  }
}

const NOWHERE: RecordMetadata = { topic: '', partition: -1, offset: -1 };

function toStreamRecord(source: SourceNode, stored: StoredRecord): AnyRecord {
  const key = stored.key === null ? null : source.key.deserialize(stored.key);
  const value = stored.value === null ? null : source.value.deserialize(stored.value);
  const timestamp =
    source.timestampExtractor === undefined
      ? stored.timestamp
      : source.timestampExtractor(value, stored.timestamp);
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

/** The stores reachable from a source while the key is still the source's. */
function prefetchesOf(source: SourceNode, subTopology: SubTopology): Prefetch[] {
  const reached = new Set([source.name]);
  const stores = new Set<string>();
  for (const node of subTopology.nodes) {
    if (node.kind !== 'processor' || !node.parents.some((parent) => reached.has(parent))) continue;
    for (const store of node.stores) stores.add(store);
    if (node.keepsKey) reached.add(node.name);
  }
  return subTopology.stores.flatMap((builder) => {
    const { name, prefetch } = builder;
    return stores.has(name) && prefetch !== undefined
      ? [{ store: name, keyOf: (key: unknown) => prefetch.call(builder, key) }]
      : [];
  });
}
