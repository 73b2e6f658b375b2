import { VENDOR_COOKIES } from '../config/index.ts';
import { readClickIds } from './normalise/click-ids.ts';
import { Fields, isObject, type JsonObject, LIMITS } from './normalise/fields.ts';
import { landingQuery } from './normalise/landing-query.ts';

export interface BrowserIds {
  /** By the cookie's name without its leading underscore, as in an event's context. */
  readonly vendorIds: Readonly<Record<string, string>>;
  /** By parameter in lower case. */
  readonly clickIds: Readonly<Record<string, string>>;
}

/** What a browser's vendor cookies tell, and the address of the page in the body; the address, being newer, wins. */
export function idsOfBrowser(
  cookies: Readonly<Record<string, string | undefined>>,
  body: JsonObject,
): BrowserIds {
  const vendorIds: Record<string, string> = {};
  for (const name of VENDOR_COOKIES) {
    const id = cookies[name];
    if (id !== undefined && id !== '' && id.length <= LIMITS.id) vendorIds[name.slice(1)] = id;
  }
  return { vendorIds, clickIds: { ...clickIdsIn(vendorIds), ...landingIdsIn(body) } };
}

/** `fb.<subdomains>.<milliseconds>.<fbclid>` and `GCL.<seconds>.<gclid>`; ids themselves may have dots. */
function clickIdsIn({ fbc, gcl_aw: gclAw }: Readonly<Record<string, string>>): Record<string, string> {
  const fbclid = /^fb\.\d+\.\d+\.(.+)$/.exec(fbc ?? '')?.[1];
  const gclid = /^GCL\.\d+\.(.+)$/.exec(gclAw ?? '')?.[1];
  return { ...(fbclid === undefined ? {} : { fbclid }), ...(gclid === undefined ? {} : { gclid }) };
}

function landingIdsIn(body: JsonObject): Record<string, string> {
  const page = isObject(body.context) ? body.context.page : undefined;
  const url = isObject(page) ? page.url : undefined;
  if (typeof url !== 'string' || url.length > LIMITS.text) return {};
  const query = landingQuery({ url, path: null, referrer: null, title: null, search: null });
  return readClickIds(undefined, query, new Fields());
}
