import type { Storage } from './storage.ts';

// An address may be megabytes long; an event may not.
const MAX_LENGTH = 4_096;

export function cut(text: string): string {
  return text.slice(0, MAX_LENGTH);
}

// utm_…; Google Ads (gclid; gbraid and wbraid on iOS), DV360, Meta, TikTok, Microsoft, X; Pinterest, Snapchat, LinkedIn.
const ADVERTISING = /[?&](utm_\w+|\w*clk?id|[gw]braid|epik|sccid|li_fat_id)=./i;

/**
 * The query of the last address in this tab that an advertisement's link led to, because the pages after a landing
 * page no longer say it. The gateway reads campaign and click ids in it.
 */
export function currentLanding(
  search: string,
  tab: Pick<Storage, 'get_' | 'set_'>,
  key: string,
): string | undefined {
  if (ADVERTISING.test(search)) tab.set_(key, cut(search));
  return tab.get_(key);
}
