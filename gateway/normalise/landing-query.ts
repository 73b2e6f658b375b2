import type { Page } from '../../schemas/index.ts';

/** Click ids by the parameter's name in lower case: Snapchat's is written both `ScCid` and `sccid`. */
export const CLICK_ID_PARAMETERS = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'ttclid',
  'epik',
  'sccid',
  'li_fat_id',
  'msclkid',
  'twclid',
] as const;

const CLICK_ID = new RegExp(`[?&](?:${CLICK_ID_PARAMETERS.join('|')})=`, 'i');
const CAMPAIGN = /[?&]utm_/i;

/** A query, parsed only where it is asked for what it holds: parsing that of every page costs more than to see first
 * whether it holds anything of ours. */
export interface LandingQuery {
  /** `null` where there are none in it. */
  clickIds(): URLSearchParams | null;
  campaign(): URLSearchParams | null;
}

/** The query of the page's URL if there are click ids or UTM parameters in it, else `null`. */
export function landingQuery(page: Page | null): LandingQuery | null {
  return landingQueryOf(page?.url ?? page?.search ?? null);
}

/** The same of an address or a query; datafly.js sends that of the visit's landing page as `context.landing`. */
export function landingQueryOf(url: string | null): LandingQuery | null {
  if (url === null) return null;
  const start = url.indexOf('?');
  if (start === -1) return null;
  const end = url.indexOf('#', start);
  const query = end === -1 ? url.slice(start) : url.slice(start, end);
  const hasClickIds = CLICK_ID.test(query);
  const hasCampaign = CAMPAIGN.test(query);
  if (!hasClickIds && !hasCampaign) return null;
  return {
    clickIds: () => (hasClickIds ? new URLSearchParams(query) : null),
    campaign: () => (hasCampaign ? new URLSearchParams(query) : null),
  };
}
