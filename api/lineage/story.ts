import { type ConfigProjection, enabledPipelinesOf, type Integration } from '../../config/index.ts';
import type {
  DeliveryResult,
  DeliveryStatus,
  EnrichedEvent,
  Event,
  RawEvent,
  RejectedEvent,
  TrailEntry,
} from '../../schemas/index.ts';
import type { RecordPosition } from '../../streams/index.ts';

/** `accepted`: not processed yet. `rejected`: it stands in the dead-letter queue of events. */
export type EventStatus = 'accepted' | 'processed' | 'rejected';

/** What became of one event. */
export interface EventStory {
  readonly status: EventStatus;
  readonly event: Event;
  readonly receivedAt: number;
  readonly sourceId: string;
  readonly configVersion: number;
  readonly raw: RecordPosition;
  readonly rejection: Pick<RejectedEvent, 'code' | 'message' | 'details'> | undefined;
  readonly trail: readonly TrailEntry[];
  readonly deliveries: readonly DeliveryStory[];
}

/** `waiting`: its pipeline has taken it, or is going to, and nothing is decided yet. */
export interface DeliveryStory {
  readonly integrationId: string;
  readonly pipelineId: string;
  /** As it is now, or was when the event was accepted. */
  readonly integration: Integration | undefined;
  readonly status: DeliveryStatus | 'waiting';
  readonly result: DeliveryResult | undefined;
}

export interface Found<T> {
  readonly value: T;
  readonly at: RecordPosition;
}

export interface Evidence {
  readonly raw: Found<RawEvent> | undefined;
  readonly rejected: RejectedEvent | undefined;
  readonly enriched: EnrichedEvent | undefined;
  /** One per integration. */
  readonly results: readonly DeliveryResult[];
  readonly projection: Pick<ConfigProjection, 'at' | 'current' | 'version'>;
}

/** Puts an event's records together. Undefined if none of them tells what the event was. */
export function tell({ raw, rejected, enriched, results, projection }: Evidence): EventStory | undefined {
  // What was made of an event says exactly which of its raw records (a client may have sent it twice) it was made of.
  if (enriched !== undefined)
    return {
      status: 'processed',
      event: enriched.event,
      receivedAt: enriched.receivedAt,
      sourceId: enriched.sourceId,
      configVersion: enriched.configVersion,
      raw: enriched.raw,
      rejection: undefined,
      trail: [...enriched.trail, ...results.filter(isOfNoIntegration).map(sentAgain)],
      deliveries: deliveriesOf(
        enriched,
        results.filter((result) => !isOfNoIntegration(result)),
        projection,
      ),
    };
  if (rejected !== undefined)
    return { ...beginning(rejected.raw, rejected.source), status: 'rejected', rejection: rejected };
  return raw === undefined ? undefined : beginning(raw.value, raw.at);
}

/** Of the event's last duplicate. */
const isOfNoIntegration = ({ integrationId }: DeliveryResult): boolean => integrationId === '';

const sentAgain = ({ reason, decidedAt }: DeliveryResult): TrailEntry => ({
  step: 'deduplicate',
  action: 'filtered',
  reason: reason ?? 'DUPLICATE',
  detail: `sent again, received ${new Date(decidedAt).toISOString()}`,
});

const beginning = (
  { event, receivedAt, sourceId, configVersion }: RawEvent,
  raw: RecordPosition,
): EventStory => ({
  status: 'accepted',
  event,
  receivedAt,
  sourceId,
  configVersion,
  raw,
  rejection: undefined,
  trail: [],
  deliveries: [],
});

/** In the order in which the pipelines were created. Every pipeline ends an event in a request or in a result that says
 * why not, and every request in a result: one without a result is under way. */
function deliveriesOf(
  { sourceId, configVersion }: EnrichedEvent,
  results: readonly DeliveryResult[],
  projection: Evidence['projection'],
): DeliveryStory[] {
  // A process that has not caught up yet knows of fewer pipelines, and shows what it knows.
  const then = configVersion <= projection.version ? projection.at(configVersion) : projection.current;
  const tellOf = (integrationId: string, pipelineId: string, result?: DeliveryResult): DeliveryStory => ({
    integrationId,
    pipelineId,
    integration: projection.current.integrations.get(integrationId) ?? then.integrations.get(integrationId),
    status: result?.status ?? 'waiting',
    result,
  });
  const left = new Map(results.map((result) => [result.integrationId, result]));
  const told = enabledPipelinesOf(then, sourceId).map(({ id, integrationId }) => {
    const result = left.get(integrationId);
    left.delete(integrationId);
    return tellOf(integrationId, id, result);
  });
  const others = [...left.values()].map((result) => tellOf(result.integrationId, result.pipelineId, result));
  return [...told, ...others];
}
