import {
  type Consent,
  type DeliveryResult,
  HEADERS,
  type RawEvent,
  type RecordRef,
  type RejectedEvent,
  type TrailEntry,
  type VisitorState,
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
import type { Memory, Rejection, RememberedConsent, RulesAt } from './step.ts';

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
  #seen: SeenStore | undefined;
  #visitors: VisitorStore | undefined;

  constructor(rulesAt: RulesAt) {
    this.#rulesAt = rulesAt;
  }

  init(context: ProcessorContext<string, Outcome>): void {
    this.#context = context;
    this.#seen = context.store<SeenStore>(SEEN_MESSAGES);
    this.#visitors = context.store<VisitorStore>(VISITORS);
  }

  process(record: StreamRecord<string, RawEvent>): void {
    const outcome = this.#outcome(record.value, recordRef(this.#context?.recordMetadata));
    const headers =
      outcome.kind === 'filtered'
        ? [...record.headers, [HEADERS.integrationId, NO_INTEGRATION] as const]
        : record.headers;
    this.#context?.forward({ ...record, headers, value: outcome });
  }

  #outcome(raw: RawEvent, ref: RecordRef): Outcome {
    const { event, sourceId, receivedAt, configVersion } = raw;
    const { messageId, anonymousId } = event;
    const message = this.#seen && new Message(this.#seen, { sourceId, messageId, anonymousId }, receivedAt);
    const memory: Memory = {
      wasSeenWithin: (hours) => message?.wasSeenWithin(hours) === true,
      latestConsent: () => latestConsent(this.#visitors?.get(anonymousId) ?? null),
    };
    const rules = this.#rulesAt(configVersion);
    const result = govern(event, rules, memory);
    switch (result.kind) {
      case 'passed':
        if (rules.settings.deduplicationHours > 0) message?.remember();
        return {
          kind: 'governed',
          governed: {
            raw: { ...raw, event: result.event },
            trail: result.trail,
            givenConsent: event.context.consent,
          },
        };
      case 'rejected':
        return { kind: 'rejected', rejected: rejectedEvent(result.rejection, raw, ref) };
      case 'filtered':
        return { kind: 'filtered', result: filteredResult(result.reason, raw, ref) };
    }
  }
}

const NO_INTEGRATION = Buffer.alloc(0);

function latestConsent(visitor: VisitorState | null): RememberedConsent | null {
  const { consent = null, consentAt = null } = visitor ?? {};
  return consent === null || consentAt === null ? null : { consent, at: consentAt };
}

const rejectedEvent = (
  { code, message, details }: Rejection,
  raw: RawEvent,
  ref: RecordRef,
): RejectedEvent => ({
  code,
  message,
  details: JSON.stringify(details),
  raw,
  source: ref,
  rejectedAt: raw.receivedAt,
});

const filteredResult = (
  reason: string,
  { event, sourceId, receivedAt }: RawEvent,
  ref: RecordRef,
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
  raw: ref,
});
