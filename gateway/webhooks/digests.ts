import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Refusal, refuse } from '../errors.ts';

/** Milliseconds that a provider's timestamp may lie before or after our clock. */
const TOLERANCE_MS = 5 * 60_000;

/** Whether one of the secrets makes one of the given HMAC-SHA256 digests over `parts`. Takes the same time whether and
 * whichever one does. */
export function isSignedBy(
  secrets: readonly string[],
  given: readonly Buffer[],
  ...parts: readonly (string | Buffer)[]
): boolean {
  let isMatch = false;
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret);
    for (const part of parts) hmac.update(part);
    const digest = hmac.digest();
    for (const other of given) {
      if (other.length === digest.length && timingSafeEqual(other, digest)) isMatch = true;
    }
  }
  return isMatch;
}

export function missing(header: string): Refusal {
  return refuse('SIGNATURE_MISSING', header);
}

export function wrong(header: string): Refusal {
  return refuse('SIGNATURE_INVALID', `${header} was not made with a secret of this source over this body`);
}

export function expiryOf(timestamp: number, now: number): Refusal | undefined {
  return Math.abs(now - timestamp) > TOLERANCE_MS ? refuse('SIGNATURE_EXPIRED') : undefined;
}

/** Of a header that is given once; "" is none. */
export function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
