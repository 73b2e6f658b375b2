import { type Refusal, refuse } from '../errors.ts';
import { expiryOf, headerOf, isSignedBy, missing, wrong } from './digests.ts';
import { at, present, text } from './payload.ts';
import type { Payload, Proof, Provider, ProviderEvent, WebhookCall } from './provider.ts';

const HEADER = 'X-HubSpot-Signature-v3';

/** https://developers.hubspot.com/docs/api/webhooks/validating-requests, https://developers.hubspot.com/docs/api/webhooks */
export const hubspot: Provider = { verify, read, names: {} };

function verify({ method, uri, headers, body }: WebhookCall, { secrets, now }: Proof): Refusal | undefined {
  const header = headerOf(headers['x-hubspot-signature-v3']);
  if (header === undefined) return missing(HEADER);
  const time = headerOf(headers['x-hubspot-request-timestamp']);
  if (time === undefined || !/^\d{1,15}$/.test(time)) {
    return refuse('SIGNATURE_INVALID', 'X-HubSpot-Request-Timestamp is not a number of milliseconds');
  }
  const given = [Buffer.from(header, 'base64')];
  if (!isSignedBy(secrets, given, method, unescaped(uri), body, time)) {
    const hint = 'or the address was another: a proxy that changes it has to be among the trusted ones';
    return refuse('SIGNATURE_INVALID', `${wrong(HEADER).detail}, ${hint}`);
  }
  return expiryOf(Number(time), now);
}

/** HubSpot signs the address with these characters, and no others, decoded. */
function unescaped(uri: string): string {
  return uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  );
}

function read({ json, bodyDigest }: Payload): ProviderEvent {
  const type = text(at(json, 'subscriptionType'));
  const objectId = text(at(json, 'objectId'));
  // `eventId` alone is not promised to be unique, and `attemptNumber` differs between retries.
  const identity = ['portalId', 'subscriptionId', 'eventId', 'objectId', 'occurredAt'].map((key) =>
    text(at(json, key)),
  );
  const property = text(at(json, 'propertyName'));
  const isContact = type?.startsWith('contact.') ?? false;
  return {
    type,
    messageId: `hubspot_${identity.every((part) => part === null) ? bodyDigest : identity.map((part) => part ?? '').join('-')}`,
    timestamp: at(json, 'occurredAt'),
    userId: isContact ? objectId : null,
    anonymousId: `hubspot_${objectId ?? bodyDigest}`,
    traits: isContact && property === 'email' ? present({ email: text(at(json, 'propertyValue')) }) : {},
    properties: present({
      object_id: objectId,
      portal_id: text(at(json, 'portalId')),
      property_name: property,
      property_value: at(json, 'propertyValue'),
      change_source: text(at(json, 'changeSource')),
    }),
  };
}
