import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { ConsentRules } from '../config/index.ts';
import type { Consent } from '../schemas/index.ts';
import type { VendorCookie } from './sources.ts';

const DAY = 86_400;

interface Format {
  readonly name: VendorCookie;
  readonly category: 'analytics' | 'marketing';
  /** As the vendor's own script sets it, at most the 400 days that browsers allow. */
  readonly maxAge: number;
  /** `undefined` where there is nothing to make it of. */
  make(of: Making): string | undefined;
}

interface Making {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of the cookie's domain: 1 for `example.com`, 2 for `shop.example.com`. */
  readonly subdomainIndex: number;
  readonly clickIds: Readonly<Record<string, string>>;
}

/** Click ids are the page's word; what would not stand in a cookie as it is makes none. */
const CLICK_ID = /^[\w.~-]{1,500}$/;

const clickId = ({ clickIds }: Making, name: string): string | undefined => {
  const id = clickIds[name];
  return id !== undefined && CLICK_ID.test(id) ? id : undefined;
};

const seconds = (now: number): number => Math.floor(now / 1000);

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alphanumeric = (length: number): string =>
  Array.from({ length }, () => ALPHANUMERIC.charAt(randomInt(ALPHANUMERIC.length))).join('');

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');

/** In the formats that the vendors' own scripts write, which is what their APIs know them by. */
const FORMATS: readonly Format[] = [
  {
    name: '_ga',
    category: 'analytics',
    maxAge: 400 * DAY,
    make: ({ now }) => `GA1.1.${randomBytes(4).readUInt32BE()}.${seconds(now)}`,
  },
  {
    // https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc
    name: '_fbp',
    category: 'marketing',
    maxAge: 90 * DAY,
    make: ({ now, subdomainIndex }) =>
      `fb.${subdomainIndex}.${now}.${randomInt(1_000_000_000, 10_000_000_000)}`,
  },
  {
    name: '_fbc',
    category: 'marketing',
    maxAge: 90 * DAY,
    make: (of) => {
      const fbclid = clickId(of, 'fbclid');
      return fbclid === undefined ? undefined : `fb.${of.subdomainIndex}.${of.now}.${fbclid}`;
    },
  },
  { name: '_ttp', category: 'marketing', maxAge: 390 * DAY, make: () => alphanumeric(27) },
  {
    // `uid=` and the base64 of a UUID, all of it in base64 again.
    name: '_pin_unauth',
    category: 'marketing',
    maxAge: 365 * DAY,
    make: () => base64(`uid=${base64(randomUUID())}`),
  },
  { name: '_scid', category: 'marketing', maxAge: 390 * DAY, make: () => randomUUID() },
  {
    name: '_gcl_aw',
    category: 'marketing',
    maxAge: 90 * DAY,
    make: (of) => {
      const gclid = clickId(of, 'gclid');
      return gclid === undefined ? undefined : `GCL.${seconds(of.now)}.${gclid}`;
    },
  },
];

/** Of values in cookies; longer ones were not made by a vendor. */
const MAX_VALUE = 1000;

export interface MadeCookie {
  readonly name: VendorCookie;
  readonly value: string;
  /** Seconds. */
  readonly maxAge: number;
}

export interface VendorCookiesOptions {
  readonly cookies: Readonly<Record<string, string | undefined>>;
  /** Those that the source makes where the browser has none. */
  readonly make: readonly VendorCookie[];
  readonly consent: Pick<ConsentRules, 'defaultPolicy' | 'categories'>;
  readonly now: number;
  /** `undefined`: the cookies are the host's alone. */
  readonly domain: string | undefined;
}

/**
 * The vendors' cookies of one browser call: read, and made where they are missing, so that a visitor has them though
 * the vendors' scripts are not on the page, or a browser lets cookies that scripts set expire within days. An existing
 * one is never replaced. Both only with consent for their category, or where nothing is known of the visitor's consent
 * and the organisation's policy for that is to go on.
 */
export class VendorCookies {
  readonly #options: VendorCookiesOptions;
  readonly #made = new Map<VendorCookie, MadeCookie>();

  constructor(options: VendorCookiesOptions) {
    this.#options = options;
  }

  /** Vendor ids of an event, by their cookies' names without the leading underscore: those it states, and with them
   * those of the cookies. */
  complete(
    stated: Readonly<Record<string, string>>,
    consent: Consent | null,
    clickIds: Readonly<Record<string, string>>,
  ): Record<string, string> {
    const ids = { ...stated };
    for (const format of FORMATS) {
      const key = format.name.slice(1);
      if (ids[key] !== undefined || !this.#isGranted(format.category, consent)) continue;
      const value = this.#existing(format.name) ?? this.#make(format, clickIds);
      if (value !== undefined) ids[key] = value;
    }
    return ids;
  }

  /** For the answer to set. */
  get made(): Iterable<MadeCookie> {
    return this.#made.values();
  }

  #existing(name: VendorCookie): string | undefined {
    const value = this.#options.cookies[name];
    return value === undefined || value === '' || value.length > MAX_VALUE ? undefined : value;
  }

  /** One for all events of the call. */
  #make(format: Format, clickIds: Readonly<Record<string, string>>): string | undefined {
    const { name, maxAge } = format;
    const before = this.#made.get(name);
    if (before !== undefined) return before.value;
    const { make, now, domain, cookies } = this.#options;
    if (!make.includes(name) || cookies[name] !== undefined) return undefined;
    const subdomainIndex = domain === undefined ? 1 : domain.split('.').length - 1;
    const value = format.make({ now, subdomainIndex, clickIds });
    if (value !== undefined) this.#made.set(name, { name, value, maxAge });
    return value;
  }

  #isGranted(category: 'analytics' | 'marketing', consent: Consent | null): boolean {
    const { defaultPolicy, categories } = this.#options.consent;
    if (consent === null) return defaultPolicy === 'allow';
    if (consent.canonical[category] !== undefined) return consent.canonical[category];
    return Object.entries(consent.categories).some(
      ([code, granted]) => granted && categories.get(code) === category,
    );
  }
}
