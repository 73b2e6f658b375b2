import type { Storage } from './storage.ts';

// An address may be megabytes long; an event may not.
const MAX_LENGTH = 4_096;

export function cut(text: string): string {
  return text.slice(0, MAX_LENGTH);
}

// utm_…; Google Ads (gclid; gbraid and wbraid on iOS), DV360, Meta, TikTok, Microsoft, X; Pinterest, Snapchat, LinkedIn.
const ADVERTISING = /[?&](utm_\w+|\w*clk?id|[gw]braid|epik|sccid|li_fat_id)=./i;

// As long as Google Analytics lets a session rest.
const VISIT_MS = 1_800_000;

/**
 * The query of the last address of this visit that an advertisement's link led to, because the pages after a landing
 * page no longer say it. The gateway reads campaign and click ids in it. Not in sessionStorage: its first use alone
 * takes a page milliseconds.
 */
export function currentLanding(
  search: string,
  storage: Pick<Storage, 'get_' | 'set_'>,
  key: string,
  now: number,
): string | undefined {
  const [until, before] = String(storage.get_(key)).split(' ');
  // Most addresses have no query, and an expression's first use is not free.
  const landing = search && ADVERTISING.test(search) ? cut(search) : Number(until) > now ? before : undefined;
  if (landing) storage.set_(key, `${now + VISIT_MS} ${landing}`);
  return landing;
}
