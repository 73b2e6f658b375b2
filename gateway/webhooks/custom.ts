import type { Refusal } from '../errors.ts';
import { headerOf, isSignedBy, missing, wrong } from './digests.ts';
import { at, text } from './payload.ts';
import type { Payload, Proof, Provider, ProviderEvent, WebhookCall } from './provider.ts';

/** Anybody else: what its payloads mean is for the source's mappings to say. */
export const custom: Provider = { verify, read, names: {} };

/** HMAC-SHA256 of the body, in hex or base64, with or without `sha256=` before it. */
function verify({ headers, body }: WebhookCall, { secrets, signatureHeader }: Proof): Refusal | undefined {
  if (signatureHeader === null) return undefined;
  const header = headerOf(headers[signatureHeader.toLowerCase()]);
  if (header === undefined) return missing(signatureHeader);
  const digest = header.replace(/^sha256=/i, '');
  const given = Buffer.from(digest, /^[0-9a-f]{64}$/i.test(digest) ? 'hex' : 'base64');
  return isSignedBy(secrets, [given], body) ? undefined : wrong(signatureHeader);
}

function read({ json, bodyDigest }: Payload): ProviderEvent {
  return {
    type: text(at(json, 'type')),
    messageId: `webhook_${bodyDigest}`,
    timestamp: undefined,
    userId: null,
    anonymousId: `webhook_${bodyDigest}`,
    traits: {},
    properties: {},
  };
}
