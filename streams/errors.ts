/** A topology that cannot work, found while building it. `node` names the operator at fault. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  readonly node: string;

  constructor(node: string, problem: string) {
    super(`${node}: ${problem}`);
    this.node = node;
  }
}

export type ProcessingStage = 'deserialization' | 'processing' | 'punctuation';

/** A record that could not be processed; says where it lies and which node failed. */
export class ProcessingError extends Error {
  override readonly name = 'ProcessingError';
  readonly stage: ProcessingStage;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;

  constructor(
    stage: ProcessingStage,
    at: { readonly topic: string; readonly partition: number; readonly offset: number },
    cause: unknown,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${stage} of ${at.topic}-${at.partition}@${at.offset} failed: ${reason}`, { cause });
    this.stage = stage;
    this.topic = at.topic;
    this.partition = at.partition;
    this.offset = at.offset;
  }
}
