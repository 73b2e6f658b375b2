import type { Processor } from '../processor.ts';
import type { StreamRecord } from '../record.ts';

export type AnyRecord = StreamRecord<unknown, unknown>;
export type AnyProcessor = Processor<unknown, unknown, unknown, unknown>;

/** A node of a running sub-topology; one class for all kinds, so that forwarding stays one cheap call. */
export class RuntimeNode {
  readonly name: string;
  private readonly processor: AnyProcessor;

  constructor(name: string, processor: AnyProcessor) {
    this.name = name;
    this.processor = processor;
  }

  process(record: AnyRecord): void {
    this.processor.process(record);
  }
}
