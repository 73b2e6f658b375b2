import type { RequestInput, VendorRequest } from '../integration.ts';
import { vendorUrl } from '../vendor-settings.ts';

/** Dreamdata states 500 KB and not whether a KB has 1000 or 1024 bytes, so the body stays under 500,000. */
export const MAX_BODY_BYTES = 499_999;

/** `{"messageId":"<uuid>","sentAt":"<24>","batch":[]}`, with room to spare. */
export const ENVELOPE_BYTES = 160;

/** `POST /v1/batch`. The API key is the user name of HTTP Basic authentication, the password is empty. */
export function request({ batch, settings, secrets }: RequestInput): VendorRequest {
  const items = batch.items.map(({ payload }) => payload).join(',');
  const envelope = `"messageId":${JSON.stringify(batch.id)},"sentAt":"${new Date(batch.createdAt).toISOString()}"`;
  return {
    method: 'POST',
    url: vendorUrl(settings, 'https://api.dreamdata.cloud', '/v1/batch'),
    headers: {
      authorization: `Basic ${Buffer.from(`${secrets.api_key ?? ''}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: `{${envelope},"batch":[${items}]}`,
  };
}
