import {
  type Consent,
  type DeliveryResult,
  HEADERS,
  type RawEvent,
  type RejectedEvent,
  type TrailEntry,
} from '../../schemas/index.ts';
import type {
  KStream,
  Processor,
  ProcessorContext,
  StreamRecord,
  StreamsBuilder,
} from '../../streams/index.ts';
import { recordRef } from '../record-ref.ts';
import { VISITORS, type VisitorStore } from '../visitors.ts';
import { govern } from './govern.ts';
import { Message, SEEN_MESSAGES, type SeenStore, seenStore } from './seen-messages.ts';
import type { Memory, Rejection, RulesAt } from './step.ts';

export { configuredRules } from './configured-rules.ts';
export { isStripped } from './consent.ts';
export { saysSomething } from './remembered-consent.ts';
export type { OrgRules, RulesAt } from './step.ts';

/** A raw event that passed the org layer: `raw.event` is the event as governed. */
export interface GovernedEvent {
  readonly raw: RawEvent;
  readonly trail: readonly TrailEntry[];
  /** What the event itself said of it, before any mapping. */
  readonly givenConsent: Consent | null;
}

type Outcome =
  | { readonly kind: 'governed'; readonly governed: GovernedEvent }
  | { readonly kind: 'rejected'; readonly rejected: RejectedEvent }
  | { readonly kind: 'filtered'; readonly result: DeliveryResult };

/** Governs each raw event once, for all integrations, by the rules it was accepted under. All streams keep the key,
 * so an event stays in its partition. Needs the visitors' store. */
export function orgLayer(
  builder: StreamsBuilder,
  rawEvents: KStream<string, RawEvent>,
  rulesAt: RulesAt,
): {
  readonly governed: KStream<string, GovernedEvent>;
  readonly rejected: KStream<string, RejectedEvent>;
  /** What ends here with nothing wrong about it, as a result of no integration. */
  readonly filtered: KStream<string, DeliveryResult>;
} {
  builder.addStateStore(seenStore());
  const outcomes = rawEvents.processValues(() => new Govern(rulesAt), {
    name: 'GOVERN',
    stores: [SEEN_MESSAGES, VISITORS],
  });
  return {
    governed: outcomes.flatMapValues((o) => (o.kind === 'governed' ? [o.governed] : []), {
      name: 'GOVERNED',
    }),
    rejected: outcomes.flatMapValues((o) => (o.kind === 'rejected' ? [o.rejected] : []), {
      name: 'REJECTED',
    }),
    filtered: outcomes.flatMapValues((o) => (o.kind === 'filtered' ? [o.result] : []), {
      name: 'FILTERED-BY-ORG',
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
    const context = this.#context;
    if (context === undefined) return;
    const outcome = this.#outcome(record.value, context);
    const headers =
      outcome.kind === 'filtered'
        ? [...record.headers, [HEADERS.integrationId, NO_INTEGRATION] as const]
        : record.headers;
    context.forward({ ...record, headers, value: outcome });
  }

  #outcome(raw: RawEvent, context: ProcessorContext<string, Outcome>): Outcome {
    const { event, sourceId, receivedAt, configVersion } = raw;
    const { messageId, anonymousId } = event;
    const message = new Message(
      context.store<SeenStore>(SEEN_MESSAGES),
      { sourceId, messageId, anonymousId },
      receivedAt,
    );
    const memory: Memory = {
      wasSeenWithin: (hours) => message.wasSeenWithin(hours),
      latestConsent: () => {
        const visitor = context.store<VisitorStore>(VISITORS).get(anonymousId);
        const { consent = null, consentAt = null } = visitor ?? {};
        return consent === null || consentAt === null ? null : { consent, at: consentAt };
      },
    };
    const result = govern(event, this.#rulesAt(configVersion), memory);
    switch (result.kind) {
      case 'passed':
        message.remember();
        return {
          kind: 'governed',
          governed: {
            raw: { ...raw, event: result.event },
            trail: result.trail,
            givenConsent: event.context.consent,
          },
        };
      case 'rejected':
        return { kind: 'rejected', rejected: rejectedEvent(result.rejection, raw, context) };
      case 'filtered':
        return { kind: 'filtered', result: filteredResult(result.reason, raw, context) };
    }
  }
}

const NO_INTEGRATION = Buffer.alloc(0);

const rejectedEvent = (
  { code, message, details }: Rejection,
  raw: RawEvent,
  { recordMetadata }: ProcessorContext<string, Outcome>,
): RejectedEvent => ({
  code,
  message,
  details: JSON.stringify(details),
  raw,
  source: recordRef(recordMetadata),
  rejectedAt: raw.receivedAt,
});

const filteredResult = (
  reason: string,
  { event, sourceId, receivedAt }: RawEvent,
  { recordMetadata }: ProcessorContext<string, Outcome>,
): DeliveryResult => ({
  messageId: event.messageId,
  integrationId: '',
  pipelineId: '',
  sourceId,
  status: 'filtered',
  reason,
  detail: null,
  attempts: 0,
  httpStatus: null,
  latencyMs: null,
  nextAttemptAt: null,
  deduplicationId: null,
  decidedAt: receivedAt,
  raw: recordRef(recordMetadata),
});
