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

/** Parsing the whole query of every page costs more than seeing first whether it holds anything of ours. */
const ADVERTISING = new RegExp(`[?&](?:utm_|(?:${CLICK_ID_PARAMETERS.join('|')})=)`, 'i');

/** The query of the page's URL if there are click ids or UTM parameters in it, else `null`. */
export function landingQuery(page: Page | null): URLSearchParams | null {
  return landingQueryOf(page?.url ?? page?.search ?? null);
}

/** The same of an address or a query; datafly.js sends that of the visit's landing page as `context.landing`. */
export function landingQueryOf(url: string | null): URLSearchParams | null {
  if (url === null) return null;
  const start = url.indexOf('?');
  if (start === -1) return null;
  const end = url.indexOf('#', start);
  const query = end === -1 ? url.slice(start) : url.slice(start, end);
  return ADVERTISING.test(query) ? new URLSearchParams(query) : null;
}
