import { EventView } from '../../integrations/index.ts';
import {
  type DeliveryRequest,
  type DeliveryResult,
  deliveryKey,
  type EnrichedEvent,
  HEADERS,
} from '../../schemas/index.ts';
import type { KStream, Processor, ProcessorContext, StreamRecord } from '../../streams/index.ts';
import { recordRef } from '../record-ref.ts';
import type { PipelinesOf } from './active-pipeline.ts';
import { type PipelineOutcome, runPipeline } from './run-pipeline.ts';

export type { ActivePipeline, PipelinesOf } from './active-pipeline.ts';
export { configuredPipelines } from './configured-pipelines.ts';

/**
 * Fans each enriched event out to the pipelines of its source, under exactly the configuration the event was
 * accepted with. Every pipeline answers for every event: a request, or a result that says why there is none.
 */
export function pipelines(
  enriched: KStream<string, EnrichedEvent>,
  pipelinesOf: PipelinesOf,
): {
  readonly requests: KStream<string, DeliveryRequest>;
  readonly filtered: KStream<string, DeliveryResult>;
} {
  const outcomes = enriched.processValues(() => new RunPipelines(pipelinesOf), { name: 'RUN-PIPELINES' });
  return {
    requests: outcomes.flatMapValues((o) => (o.kind === 'request' ? [o.request] : []), { name: 'REQUESTS' }),
    filtered: outcomes
      .flatMapValues((o) => (o.kind === 'filtered' ? [o.result] : []), { name: 'FILTERED' })
      .selectKey((_, result) => deliveryKey(result), { name: 'KEY-BY-DELIVERY' }),
  };
}

class RunPipelines implements Processor<string, EnrichedEvent, string, PipelineOutcome> {
  readonly #pipelinesOf: PipelinesOf;
  #context: ProcessorContext<string, PipelineOutcome> | undefined;

  constructor(pipelinesOf: PipelinesOf) {
    this.#pipelinesOf = pipelinesOf;
  }

  init(context: ProcessorContext<string, PipelineOutcome>): void {
    this.#context = context;
  }

  process(record: StreamRecord<string, EnrichedEvent>): void {
    const { sourceId, configVersion } = record.value;
    const ref = recordRef(this.#context?.recordMetadata);
    const view = new EventView(record.value);
    for (const pipeline of this.#pipelinesOf(sourceId, configVersion)) {
      const outcome = runPipeline(pipeline, view, ref);
      const headers = [
        ...record.headers,
        [HEADERS.integrationId, Buffer.from(pipeline.integrationId)] as const,
      ];
      this.#context?.forward({ ...record, value: outcome, headers });
    }
  }
}
