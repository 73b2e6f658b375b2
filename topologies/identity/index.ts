import type { EnrichedEvent, VisitorState } from '../../schemas/index.ts';
import type { KStream, Processor, ProcessorContext, StreamRecord } from '../../streams/index.ts';
import { type GovernedEvent, isStripped } from '../org-layer/index.ts';
import { recordRef } from '../record-ref.ts';
import { VISITORS, type VisitorStore } from '../visitors.ts';
import { advance, identityOf } from './visitor.ts';

/** Joins each event with what is known of its visitor (by anonymousId, the key), and remembers what it adds. Traits
 * of an identify are on that event and all later ones of the visitor. An event stripped for lack of consent is neither
 * joined nor remembered. Needs the visitors' store. */
export function identityJoin(governed: KStream<string, GovernedEvent>): KStream<string, EnrichedEvent> {
  return governed.processValues(() => new JoinVisitor(), { name: 'JOIN-VISITOR', stores: [VISITORS] });
}

class JoinVisitor implements Processor<string, GovernedEvent, string, EnrichedEvent> {
  #context: ProcessorContext<string, EnrichedEvent> | undefined;
  #visitors: VisitorStore | undefined;

  init(context: ProcessorContext<string, EnrichedEvent>): void {
    this.#context = context;
    this.#visitors = context.store<VisitorStore>(VISITORS);
  }

  process(record: StreamRecord<string, GovernedEvent>): void {
    const { raw, trail } = record.value;
    const visitor = isStripped(trail)
      ? advance(null, raw.event, raw.receivedAt)
      : this.#remember(record.key, record.value);
    this.#context?.forward({
      ...record,
      value: {
        event: raw.event,
        identity: identityOf(visitor),
        trail,
        receivedAt: raw.receivedAt,
        sourceId: raw.sourceId,
        configVersion: raw.configVersion,
        raw: recordRef(this.#context?.recordMetadata),
      },
    });
  }

  #remember(anonymousId: string, { raw: { event, receivedAt }, givenConsent }: GovernedEvent): VisitorState {
    const visitor = advance(this.#visitors?.get(anonymousId) ?? null, event, receivedAt, givenConsent);
    this.#visitors?.put(anonymousId, visitor);
    return visitor;
  }
}
