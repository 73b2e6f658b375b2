import {
  type DeliveryRequest,
  type DeliveryResult,
  deliveryKey,
  type EnrichedEvent,
  type RawEvent,
  type RejectedEvent,
  type VisitorState,
} from '../schemas/index.ts';
import { type Serde, StreamsBuilder, serdes, type Topology } from '../streams/index.ts';
import { identityJoin } from './identity/index.ts';
import { orgLayer, type RulesAt } from './org-layer/index.ts';
import { type PipelinesOf, pipelines } from './pipelines/index.ts';
import { deliveryTopic, TOPICS } from './topics.ts';
import { visitorStore } from './visitors.ts';

export interface ProcessEventsSerdes {
  readonly rawEvent: Serde<RawEvent>;
  readonly rejectedEvent: Serde<RejectedEvent>;
  readonly enrichedEvent: Serde<EnrichedEvent>;
  readonly visitorState: Serde<VisitorState>;
  readonly deliveryRequest: Serde<DeliveryRequest>;
  readonly deliveryResult: Serde<DeliveryResult>;
}

/** The event processor, from what the gateway accepted to what vendors are sent. */
export function processEvents(deps: {
  readonly serdes: ProcessEventsSerdes;
  readonly rulesAt: RulesAt;
  readonly pipelinesOf: PipelinesOf;
}): Topology {
  const builder = new StreamsBuilder();
  const key = serdes.string();
  const { rawEvent, rejectedEvent, enrichedEvent, visitorState, deliveryRequest, deliveryResult } =
    deps.serdes;

  const raw = builder.stream(TOPICS.rawEvents, { key, value: rawEvent, name: 'RAW-EVENTS' });
  builder.addStateStore(visitorStore(visitorState));
  const { governed, rejected, filtered: filteredByOrg } = orgLayer(builder, raw, deps.rulesAt);
  filteredByOrg
    .selectKey((_, result) => deliveryKey(result), { name: 'KEY-BY-MESSAGE' })
    .to(TOPICS.deliveryResults, { key, value: deliveryResult, name: 'ORG-TO-RESULTS' });
  rejected.to(TOPICS.rejectedEvents, { key, value: rejectedEvent, name: 'TO-DLQ' });
  identityJoin(governed).to(TOPICS.enrichedEvents, {
    key,
    value: enrichedEvent,
    name: 'TO-ENRICHED',
  });

  const enriched = builder.stream(TOPICS.enrichedEvents, {
    key,
    value: enrichedEvent,
    name: 'ENRICHED-EVENTS',
  });
  const { requests, filtered } = pipelines(enriched, deps.pipelinesOf);
  requests.to((_, request) => deliveryTopic(request.integrationId), {
    key,
    value: deliveryRequest,
    name: 'TO-DELIVERY',
  });
  filtered.to(TOPICS.deliveryResults, { key, value: deliveryResult, name: 'TO-RESULTS' });
  return builder.build();
}
