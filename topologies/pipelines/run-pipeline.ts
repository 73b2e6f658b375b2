import { consentDecision, type EventView } from '../../integrations/index.ts';
import type { DeliveryRequest, DeliveryResult, RecordRef } from '../../schemas/index.ts';
import type { ActivePipeline } from './active-pipeline.ts';

/** What a pipeline makes of an event: something to deliver, or the reason why not. */
export type PipelineOutcome =
  | { readonly kind: 'request'; readonly request: DeliveryRequest }
  | { readonly kind: 'filtered'; readonly result: DeliveryResult };

/** Consent, then mapping. Pure: event, configuration and identity decide. */
export function runPipeline(pipeline: ActivePipeline, view: EventView, enriched: RecordRef): PipelineOutcome {
  const { event } = view.enriched;
  // What the visitor agreed to is for us to keep, not for vendors to hear of.
  if (event.type === 'consent') return filtered(pipeline, view, 'CONSENT_EVENT', null);
  const consent = consentDecision(event.context.consent, pipeline.consentCategories);
  if (consent.kind === 'denied') return filtered(pipeline, view, consent.reason, consent.missing.join(', '));
  const mapped = pipeline.mapping(view);
  if (mapped.kind === 'filtered') return filtered(pipeline, view, mapped.reason, event.event ?? event.type);
  return {
    kind: 'request',
    request: {
      messageId: event.messageId,
      integrationId: pipeline.integrationId,
      pipelineId: pipeline.pipelineId,
      sourceId: view.enriched.sourceId,
      anonymousId: event.anonymousId,
      // A pipeline connects a source to an integration at most once, so within an integration an event's own id
      // is unique, and the same however often the event is processed.
      deduplicationId: event.messageId,
      vendorEvent: mapped.vendorEvent,
      payload: JSON.stringify(mapped.payload),
      eventTime: event.timestamp,
      receivedAt: view.enriched.receivedAt,
      revision: pipeline.revision,
      configVersion: view.enriched.configVersion,
      raw: view.enriched.raw,
      enriched,
    },
  };
}

function filtered(
  pipeline: ActivePipeline,
  view: EventView,
  reason: string,
  detail: string | null,
): PipelineOutcome {
  const { event, sourceId, receivedAt, raw } = view.enriched;
  return {
    kind: 'filtered',
    result: {
      messageId: event.messageId,
      integrationId: pipeline.integrationId,
      pipelineId: pipeline.pipelineId,
      sourceId,
      status: 'filtered',
      reason,
      detail,
      attempts: 0,
      httpStatus: null,
      latencyMs: null,
      nextAttemptAt: null,
      deduplicationId: null,
      decidedAt: receivedAt,
      raw,
    },
  };
}
