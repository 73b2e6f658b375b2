import type { Campaign } from './event.ts';
import type { Storage } from './storage.ts';

/** What an advertisement's link said. */
export interface Landing {
  readonly campaign?: Campaign;
  readonly clickIds?: Readonly<Record<string, string>>;
}

const UTM = /^utm_(source|medium|campaign|term|content)$/;
// Google Ads (gclid; gbraid and wbraid on iOS), DV360, Meta, TikTok, Pinterest, Snapchat, LinkedIn, Microsoft, X.
const CLICK_ID = /^(gclid|gbraid|wbraid|dclid|fbclid|ttclid|epik|sccid|li_fat_id|msclkid|twclid)$/;

const MAX_LENGTH = 1_000;
const KEY = 'landing';

/** The campaign and click ids in an address's query; undefined where it has neither. */
export function readLanding(search: string): Landing | undefined {
  let landing: Landing | undefined;
  new URLSearchParams(search).forEach((value, parameter) => {
    const name = parameter.toLowerCase(); // Snapchat writes ScCid
    const text = value.slice(0, MAX_LENGTH);
    const [, utm] = UTM.exec(name) || [];
    if (!text) return;
    if (utm) {
      const field = utm === 'campaign' ? 'name' : utm;
      landing = { ...landing, campaign: { ...landing?.campaign, [field]: text } };
    } else if (CLICK_ID.test(name)) {
      landing = { ...landing, clickIds: { ...landing?.clickIds, [name]: text } };
    }
  });
  return landing;
}

/**
 * The landing of this visit: what the address says, else what the last address in this tab that said something
 * did, because the pages after a landing page no longer say it.
 */
export function currentLanding(search: string, tab: Pick<Storage, 'get' | 'set'>): Landing | undefined {
  const found = readLanding(search);
  if (found) tab.set(KEY, search);
  return found || readLanding(tab.get(KEY) || '');
}
