import type { Cancellable, ProcessorContext, PunctuationType, Register } from '../processor.ts';
import type { RecordMetadata } from '../record.ts';
import type { AnyRecord, NodeCount, RuntimeNode } from './runtime-node.ts';

/** What a context needs of the task it belongs to. */
export interface ContextHost {
  readonly taskId: string;
  readonly partition: number;
  readonly metadata: RecordMetadata | undefined;
  /** Time of the record that is being processed, as it was forwarded. */
  recordTime: number;
  readonly streamTime: number;
  readonly wallClockTime: number;
  store(name: string): unknown;
  schedule(intervalMs: number, type: PunctuationType, punctuator: (timestamp: number) => void): Cancellable;
  register(name: string, initial?: number): Register;
}

/** The context of one processor of one task. */
export class TaskContext implements ProcessorContext<unknown, unknown> {
  private readonly host: ContextHost;
  private readonly node: string;
  private readonly stores: ReadonlySet<string>;
  private readonly children: readonly RuntimeNode[];
  private readonly count: NodeCount;

  constructor(
    host: ContextHost,
    count: NodeCount,
    stores: ReadonlySet<string>,
    children: readonly RuntimeNode[],
  ) {
    this.host = host;
    this.node = count.node;
    this.count = count;
    this.stores = stores;
    this.children = children;
  }

  get taskId(): string {
    return this.host.taskId;
  }

  get partition(): number {
    return this.host.partition;
  }

  get recordMetadata(): RecordMetadata | undefined {
    return this.host.metadata;
  }

  get streamTime(): number {
    return this.host.streamTime;
  }

  get wallClockTime(): number {
    return this.host.wallClockTime;
  }

  forward(record: AnyRecord, child?: string): void {
    const { children, host } = this;
    this.count.sent++;
    const before = host.recordTime;
    host.recordTime = record.timestamp;
    if (child !== undefined) this.childNamed(child).process(record);
    else
      for (let index = 0; index < children.length; index++) (children[index] as RuntimeNode).process(record);
    host.recordTime = before;
  }

  store<S>(name: string): S {
    if (!this.stores.has(name)) {
      throw new Error(`${this.node} is not connected to a state store named "${name}"`);
    }
    return this.host.store(name) as S;
  }

  schedule(intervalMs: number, type: PunctuationType, punctuator: (timestamp: number) => void): Cancellable {
    if (!(intervalMs >= 1)) throw new RangeError(`${this.node}: a punctuation interval is at least 1 ms`);
    return this.host.schedule(intervalMs, type, punctuator);
  }

  register(name: string, initial?: number): Register {
    return this.host.register(`${this.node}/${name}`, initial);
  }

  private childNamed(name: string): RuntimeNode {
    const child = this.children.find((each) => each.node === name);
    if (child === undefined) throw new Error(`${this.node} has no child named "${name}"`);
    return child;
  }
}
