import { getDomain } from 'tldts';

/** What a host name may look like; what follows from anything else is not worth finding out. */
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

const MAX_REMEMBERED = 1000;

/** Whether browsers would keep a cookie for this domain, if one of its hosts set it; the leading dot of old means
 * nothing. */
export function isCookieDomain(text: string): boolean {
  const domain = text.replace(/^\./, '').toLowerCase();
  return domain.length <= 253 && HOST.test(domain) && getDomain(domain, PRIVATE_TOO) !== null;
}

/** On github.io or vercel.app every subdomain is somebody else's. */
const PRIVATE_TOO = { allowPrivateDomains: true, extractHostname: false };

/**
 * `Domain` of the cookies of a site, so that all its hosts see them: what is configured, else the registrable domain of the host by the public suffix list, as browsers have it. `undefined` (the cookie is the
 * host's alone) for addresses, `localhost` and public suffixes themselves.
 *
 * The host is what the request claims it to be. That cannot hurt: whatever comes out is a suffix of it, and a browser
 * drops a cookie for a domain that the host it really asked is not in.
 */
export class CookieDomains {
  readonly #configured: string | undefined;
  readonly #known = new Map<string, string | undefined>();

  constructor(configured: string | undefined) {
    this.#configured = configured;
  }

  of(host: string): string | undefined {
    if (this.#configured !== undefined) return this.#configured;
    if (this.#known.has(host)) return this.#known.get(host);
    const domain = this.#find(host.toLowerCase().replace(/\.$/, ''));
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(host, domain);
    return domain;
  }

  #find(host: string): string | undefined {
    if (host.length > 253 || !HOST.test(host)) return undefined;
    const domain = getDomain(host, PRIVATE_TOO) ?? undefined;
    return domain !== undefined && (host === domain || host.endsWith(`.${domain}`)) ? domain : undefined;
  }
}
