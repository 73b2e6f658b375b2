import type { BatchItem, RequestInput, VendorRequest } from '../integration.ts';
import { booleanSetting, stringSetting } from '../settings.ts';
import { authenticationHeaders } from './authentication.ts';
import { customHeaders, headerValue } from './headers.ts';

export const ENVELOPE_BYTES = 160;

/** One event as it is, or `{batchId, sentAt, batch: [...]}`; each with its `deduplicationId`, which a single event also
 * has as a header. */
export function request({ batch, settings, secrets, now }: RequestInput): VendorRequest {
  const items = batch.items.map(withDeduplicationId);
  const single = booleanSetting(settings, 'batch_enabled') ? undefined : batch.items[0];
  const sentAt = new Date(batch.createdAt).toISOString();
  const body =
    single === undefined
      ? `{"batchId":${JSON.stringify(batch.id)},"sentAt":"${sentAt}","batch":[${items.join(',')}]}`
      : items.join('');
  return {
    method: stringSetting(settings, 'method') === 'PUT' ? 'PUT' : 'POST',
    url: stringSetting(settings, 'url') ?? '',
    headers: {
      'content-type': 'application/json',
      ...customHeaders(settings.headers),
      ...(single === undefined ? {} : { 'x-signal-deduplication-id': headerValue(single.deduplicationId) }),
      ...authenticationHeaders(settings, secrets, { now, body }),
    },
    body,
  };
}

export function itemBytes(item: BatchItem): number {
  return Buffer.byteLength(item.payload) + Buffer.byteLength(JSON.stringify(item.deduplicationId)) + 20;
}

/** Spliced into the text: the payload is a JSON object that always has a field. */
function withDeduplicationId({ payload, deduplicationId }: BatchItem): string {
  return `{"deduplicationId":${JSON.stringify(deduplicationId)},${payload.slice(1)}`;
}
