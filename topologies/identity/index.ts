import type { EnrichedEvent, RawEvent, VisitorState } from '../../schemas/index.ts';
import {
  type KeyValueStore,
  type KStream,
  keyValueStore,
  type Processor,
  type ProcessorContext,
  type Serde,
  type StreamRecord,
  type StreamsBuilder,
  serdes,
} from '../../streams/index.ts';
import { type GovernedEvent, isStripped } from '../org-layer/index.ts';
import { recordRef } from '../record-ref.ts';
import { advance, identityOf } from './visitor.ts';

const VISITORS = 'visitors';

/** Joins each event with what is known of its visitor (by anonymousId, the key), and remembers what it adds. Traits
 * of an identify are on that event and all later ones of the visitor. An event stripped for lack of consent is neither
 * joined nor remembered. */
export function identityJoin(
  builder: StreamsBuilder,
  governed: KStream<string, GovernedEvent>,
  visitorState: Serde<VisitorState>,
): KStream<string, EnrichedEvent> {
  builder.addStateStore(keyValueStore({ name: VISITORS, key: serdes.string(), value: visitorState }));
  return governed.processValues(() => new JoinVisitor(), { name: 'JOIN-VISITOR', stores: [VISITORS] });
}

class JoinVisitor implements Processor<string, GovernedEvent, string, EnrichedEvent> {
  #context: ProcessorContext<string, EnrichedEvent> | undefined;
  #visitors: KeyValueStore<string, VisitorState> | undefined;

  init(context: ProcessorContext<string, EnrichedEvent>): void {
    this.#context = context;
    this.#visitors = context.store<KeyValueStore<string, VisitorState>>(VISITORS);
  }

  process(record: StreamRecord<string, GovernedEvent>): void {
    const { raw, trail } = record.value;
    const visitor = isStripped(trail)
      ? advance(null, raw.event, raw.receivedAt)
      : this.#remember(record.key, raw);
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

  #remember(anonymousId: string, { event, receivedAt }: RawEvent): VisitorState {
    const visitor = advance(this.#visitors?.get(anonymousId) ?? null, event, receivedAt);
    this.#visitors?.put(anonymousId, visitor);
    return visitor;
  }
}
