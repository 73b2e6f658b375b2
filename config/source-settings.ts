import type { SourceCreated, SourceType } from '../schemas/index.ts';
import { collectorFault, collectorOf } from './collector-settings.ts';
import { listed, oneOf, repeated } from './one-of.ts';
import { type Rejection, reject } from './rejections.ts';
import { type SourceSettings, VENDOR_COOKIES } from './resources/source-settings.ts';
import type { ConfigState } from './state.ts';
import { webhookFault, webhookOf } from './webhook-settings.ts';

/** As records hold them; what is null is as it was. */
export type SettingsRecord = {
  readonly [K in keyof SourceSettings]: SourceCreated[K] | null;
};

/** Of an `UpdateSource`: all settings stay as they are. */
export const UNCHANGED_SETTINGS: SettingsRecord = {
  allowedOrigins: null,
  truncateIp: null,
  requireSignature: null,
  vendorCookies: null,
  webhook: null,
  collector: null,
};

const MAX_ORIGINS = 100;
const MAX_ORIGIN = 300;

/** The settings after those of a record; what this version of the software has no word for is left out. */
export const settingsOf = (record: SettingsRecord, before: SourceSettings): SourceSettings => ({
  allowedOrigins: record.allowedOrigins ?? before.allowedOrigins,
  truncateIp: record.truncateIp ?? before.truncateIp,
  requireSignature: record.requireSignature ?? before.requireSignature,
  vendorCookies:
    record.vendorCookies?.map(oneOf(VENDOR_COOKIES)).filter((name) => name !== undefined) ??
    before.vendorCookies,
  webhook: record.webhook === null ? before.webhook : webhookOf(record.webhook),
  collector: record.collector === null ? before.collector : collectorOf(record.collector),
});

/** Why no source of this type, `self` or a new one, can have the settings, if so. */
export function settingsFault(
  state: ConfigState,
  type: SourceType,
  record: SettingsRecord,
  self?: string,
): Rejection | undefined {
  return (
    originsFault(record.allowedOrigins ?? []) ??
    cookiesFault(record.vendorCookies ?? []) ??
    webhookFault(type, record.webhook) ??
    (record.collector === null ? undefined : collectorFault(state, record.collector, self))
  );
}

function originsFault(origins: readonly string[]): Rejection | undefined {
  const bad = (path: string, message: string) => reject('INVALID_ORIGIN', path, message);
  if (origins.length > MAX_ORIGINS) return bad('allowedOrigins', `at most ${MAX_ORIGINS} origins`);
  const wrong = origins.findIndex((origin) => !isOrigin(origin));
  if (wrong !== -1)
    return bad(
      `allowedOrigins.${wrong}`,
      'an origin is https://shop.example, http://localhost:3000 or https://*.shop.example, in lower case and without a path',
    );
  const twice = repeated(origins);
  return twice === undefined ? undefined : bad(`allowedOrigins.${twice}`, 'the origin is there twice');
}

/** As browsers write it in `Origin`; a leading `*.` stands for any subdomain, of a domain of two parts at least. */
export function isOrigin(text: string): boolean {
  if (text.length > MAX_ORIGIN) return false;
  const [, scheme, star, rest = ''] = /^(https?:\/\/)(\*\.)?(.*)$/.exec(text) ?? [];
  const plain = `${scheme}${rest}`;
  if (scheme === undefined || !URL.canParse(plain)) return false;
  const { origin, hostname } = new URL(plain);
  if (origin !== plain || !/^[a-z0-9.[\]:-]+$/.test(hostname)) return false;
  return star === undefined || (hostname.includes('.') && /[a-z]/.test(hostname.split('.').at(-1) ?? ''));
}

function cookiesFault(cookies: readonly string[]): Rejection | undefined {
  const wrong = cookies.findIndex((name) => oneOf(VENDOR_COOKIES)(name) === undefined);
  if (wrong !== -1)
    return reject('UNKNOWN_COOKIE', `vendorCookies.${wrong}`, `there are ${listed(VENDOR_COOKIES)}`);
  const twice = repeated(cookies);
  return twice === undefined
    ? undefined
    : reject('UNKNOWN_COOKIE', `vendorCookies.${twice}`, 'the cookie is there twice');
}
