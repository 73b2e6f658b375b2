import { type Static, Type } from '@sinclair/typebox';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import type { Api } from '../http/type-provider.ts';
import type { DeliveryStory, EventStory } from '../lineage/index.ts';
import { Nullable, Timestamp, timestamp } from './shared.ts';

const DeliveryView = Type.Object({
  integration_id: Type.String(),
  integration_name: Nullable(Type.String()),
  vendor: Nullable(Type.String()),
  pipeline_id: Type.String(),
  status: Type.String({ description: 'delivered, filtered, waiting, retrying or dead' }),
  reason: Nullable(Type.String({ description: 'A code: CONSENT_DENIED, HTTP_401, ...' })),
  detail: Nullable(Type.String({ description: "For people: the missing category, the vendor's error" })),
  attempts: Type.Integer(),
  http_status: Nullable(Type.Integer()),
  latency_ms: Nullable(Type.Integer({ description: 'Of the last request' })),
  next_attempt_at: Nullable(Timestamp),
  deduplication_id: Nullable(Type.String()),
  decided_at: Nullable(Timestamp),
});

const EventView = Type.Object({
  message_id: Type.String(),
  status: Type.String({ description: 'accepted (not processed yet), processed or rejected' }),
  type: Type.String(),
  event: Nullable(Type.String()),
  timestamp: Timestamp,
  received_at: Timestamp,
  source_id: Type.String(),
  config_version: Type.Integer(),
  raw: Type.Object({ topic: Type.String(), partition: Type.Integer(), offset: Type.Integer() }),
  rejection: Nullable(Type.Object({ code: Type.String(), message: Type.String(), details: Type.Unknown() })),
  trail: Type.Array(
    Type.Object({
      step: Type.String(),
      action: Type.String(),
      reason: Type.String(),
      detail: Nullable(Type.String()),
    }),
  ),
  deliveries: Type.Array(DeliveryView),
});

const time = (epochMs: number | null | undefined): string | null =>
  epochMs === null || epochMs === undefined ? null : timestamp(epochMs);

const showDelivery = ({ integration, result, ...story }: DeliveryStory): Static<typeof DeliveryView> => ({
  integration_id: story.integrationId,
  integration_name: integration?.name ?? null,
  vendor: integration?.vendor ?? null,
  pipeline_id: story.pipelineId,
  status: story.status,
  reason: result?.reason ?? null,
  detail: result?.detail ?? null,
  attempts: result?.attempts ?? 0,
  http_status: result?.httpStatus ?? null,
  latency_ms: result?.latencyMs ?? null,
  next_attempt_at: time(result?.nextAttemptAt),
  deduplication_id: result?.deduplicationId ?? null,
  decided_at: time(result?.decidedAt),
});

function show(story: EventStory): Static<typeof EventView> {
  const { event, rejection } = story;
  return {
    message_id: event.messageId,
    status: story.status,
    type: event.type,
    event: event.event,
    timestamp: timestamp(event.timestamp),
    received_at: timestamp(story.receivedAt),
    source_id: story.sourceId,
    config_version: story.configVersion,
    raw: { ...story.raw },
    rejection:
      rejection === undefined
        ? null
        : { code: rejection.code, message: rejection.message, details: JSON.parse(rejection.details) },
    trail: story.trail.map((entry) => ({ ...entry })),
    deliveries: story.deliveries.map(showDelivery),
  };
}

export function eventRoutes(api: Api, { lineage, recordAccess }: ApiContext): void {
  api.get(
    '/events/:messageId',
    {
      config: { permission: 'events:read' },
      schema: { params: Type.Object({ messageId: Type.String() }), response: { 200: EventView } },
    },
    async (request) => {
      const story = await lineage.find(request.params.messageId);
      if (story === undefined) throw apiError('EVENT_NOT_FOUND');
      await recordAccess(request, { action: 'event.read', resourceId: story.event.messageId });
      return show(story);
    },
  );
}
