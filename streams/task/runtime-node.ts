import type { Processor } from '../processor.ts';
import type { StreamRecord } from '../record.ts';

export type AnyRecord = StreamRecord<unknown, unknown>;
export type AnyProcessor = Processor<unknown, unknown, unknown, unknown>;

/** What went through a node of one task. A record that waits for something is run again and then counted again,
 * except by its source. */
export interface NodeCount {
  readonly node: string;
  /** That it was given. */
  records: number;
  /** Records it has sent on, each to all its children or to one, a sink to its topic. */
  sent: number;
  /** Keys and values, where a record enters (source) or leaves (sink). */
  bytes: number;
}

/** A node of a running sub-topology; one class for all kinds, so that forwarding stays one cheap call. */
export class RuntimeNode implements NodeCount {
  readonly node: string;
  records = 0;
  sent = 0;
  bytes = 0;
  private readonly processor: AnyProcessor;

  constructor(node: string, processor: AnyProcessor) {
    this.node = node;
    this.processor = processor;
  }

  process(record: AnyRecord): void {
    this.records++;
    this.processor.process(record);
  }
}
