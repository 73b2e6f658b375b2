import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refuse } from '../errors.ts';
import { SIGNATURE_WINDOW_MS } from './replay-guard.ts';

/** A signature that is right, and its stated time; not yet checked for having been used before. */
export interface Signature {
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Whether the headers claim a signature at all, right or wrong. */
export const isSigned = (headers: IncomingHttpHeaders): boolean => headers['x-signature'] !== undefined;

/**
 * `X-Signature: sha256=<hex>` over `X-Timestamp`, a dot and the body, keyed with one of the source's secrets;
 * `X-Timestamp` in milliseconds since the epoch. `body` is what was sent, compressed if that was. `secrets`
 * are all tried, so that both are good while one takes the place of the other.
 */
export function verifySignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secrets: readonly string[],
  now: number,
): Signature | Refusal {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(String(headers['x-signature']))?.[1];
  if (hex === undefined) return refuse('SIGNATURE_INVALID', 'X-Signature is not "sha256=" and 64 hex digits');
  const stated = headers['x-timestamp'];
  if (typeof stated !== 'string' || !/^\d{1,15}$/.test(stated)) {
    return refuse('SIGNATURE_INVALID', 'X-Timestamp is not a number of milliseconds since 1970');
  }
  const given = Buffer.from(hex, 'hex');
  const matches = secrets.map((secret) =>
    timingSafeEqual(given, createHmac('sha256', secret).update(`${stated}.`).update(body).digest()),
  );
  if (!matches.includes(true)) {
    return refuse('SIGNATURE_INVALID', 'it was not made with a secret of this source over this body');
  }
  const timestamp = Number(stated);
  // After the digest: only who has the secret learns about our clock.
  if (Math.abs(now - timestamp) > SIGNATURE_WINDOW_MS) return refuse('SIGNATURE_EXPIRED');
  return { digest: given.toString('latin1', 0, 16), timestamp };
}
