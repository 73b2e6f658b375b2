import type { VendorResponse, Verdict } from './integration.ts';

/** Longest text of a vendor's error that is kept. */
const MAX_DETAIL = 1024;

/**
 * What an answer means by its HTTP status alone, for vendors that say no more.
 *
 * - 2xx: delivered.
 * - 408, 425, 429 and 5xx: the request may succeed later.
 * - 413: too large; 400 and 422: the vendor refuses what is in it. In a batch that may be one event's fault, so the
 *   batch is split until the bad event stands alone.
 * - anything else, 401 and 403 among them, needs a person: given up with its reason, to be driven again when the
 *   configuration is repaired. Redirects are never followed: they would carry credentials elsewhere.
 */
export function classifyByStatus(response: VendorResponse): Verdict {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'all', outcome: { kind: 'delivered' } };
  const detail = errorText(response);
  if (status === 413) return { kind: 'split', reason: 'PAYLOAD_TOO_LARGE', detail };
  const reason = `HTTP_${status}`;
  if (status === 400 || status === 422) return { kind: 'split', reason, detail };
  return { kind: 'all', outcome: { kind: isTransient(status) ? 'retry' : 'dead', reason, detail } };
}

function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** The vendor's words, on one line and bounded. */
export function errorText(response: VendorResponse): string {
  return response.body
    .slice(0, 4 * MAX_DETAIL)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, MAX_DETAIL);
}
