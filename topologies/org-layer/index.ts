import type { RawEvent, RejectedEvent, TrailEntry } from '../../schemas/index.ts';
import type { KStream, Processor, ProcessorContext, StreamRecord } from '../../streams/index.ts';
import { recordRef } from '../record-ref.ts';
import { type Governed, govern } from './govern.ts';
import type { RulesAt } from './step.ts';

export { configuredRules } from './configured-rules.ts';
export { isStripped } from './consent.ts';
export type { OrgRules, RulesAt } from './step.ts';

/** A raw event that passed the org layer: `raw.event` is the event as governed. */
export interface GovernedEvent {
  readonly raw: RawEvent;
  readonly trail: readonly TrailEntry[];
}

type Outcome =
  | { readonly kind: 'governed'; readonly governed: GovernedEvent }
  | { readonly kind: 'rejected'; readonly rejected: RejectedEvent };

/** Governs each raw event once, for all integrations, by the rules it was accepted under. Both streams keep the key,
 * so an event stays in its partition. */
export function orgLayer(
  rawEvents: KStream<string, RawEvent>,
  rulesAt: RulesAt,
): {
  readonly governed: KStream<string, GovernedEvent>;
  readonly rejected: KStream<string, RejectedEvent>;
} {
  const outcomes = rawEvents.processValues(() => new Govern(rulesAt), { name: 'GOVERN' });
  return {
    governed: outcomes.flatMapValues((o) => (o.kind === 'governed' ? [o.governed] : []), {
      name: 'GOVERNED',
    }),
    rejected: outcomes.flatMapValues((o) => (o.kind === 'rejected' ? [o.rejected] : []), {
      name: 'REJECTED',
    }),
  };
}

class Govern implements Processor<string, RawEvent, string, Outcome> {
  readonly #rulesAt: RulesAt;
  #context: ProcessorContext<string, Outcome> | undefined;

  constructor(rulesAt: RulesAt) {
    this.#rulesAt = rulesAt;
  }

  init(context: ProcessorContext<string, Outcome>): void {
    this.#context = context;
  }

  process(record: StreamRecord<string, RawEvent>): void {
    const result: Governed = govern(record.value.event, this.#rulesAt(record.value.configVersion));
    this.#context?.forward({ ...record, value: this.#outcome(result, record.value) });
  }

  #outcome(result: Governed, raw: RawEvent): Outcome {
    if (result.kind === 'passed') {
      return { kind: 'governed', governed: { raw: { ...raw, event: result.event }, trail: result.trail } };
    }
    const { code, message, details } = result.rejection;
    return {
      kind: 'rejected',
      rejected: {
        code,
        message,
        details: JSON.stringify(details),
        raw,
        source: recordRef(this.#context?.recordMetadata),
        rejectedAt: raw.receivedAt,
      },
    };
  }
}
