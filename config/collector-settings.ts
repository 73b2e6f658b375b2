import type {
  CollectorSettings as CollectorRecord,
  ConsentReader as ConsentRecord,
} from '../schemas/index.ts';
import { isConsentCategory } from './integrations.ts';
import { nameKey } from './names.ts';
import { isDangerousName, listed, oneOf, repeated } from './one-of.ts';
import { type Rejection, reject } from './rejections.ts';
import {
  COLLECTOR_MODULES,
  CONSENT_FORMATS,
  CONSENT_PLATFORMS,
  CONSENT_STORES,
  type CollectorSettings,
  type ConsentReader,
} from './resources/source-settings.ts';
import type { ConfigState } from './state.ts';

const MAX_BATCH_SIZE = 500;
const MAX_FLUSH_INTERVAL = 60_000;
const MAX_LINKED_DOMAINS = 50;
const MAX_RULES = 50;

const SCRIPT_FILENAME = /^[a-z0-9_-]{1,40}$/;
/** Scripts of the gateway itself. */
const RESERVED_FILENAMES = ['d', 'datafly'];
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** Of a cookie (RFC 6265, 4.1.1) or of a key that is kept in the same way. */
const STORE_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const RULE_TEXT = /^[^\p{Cc}\p{Cs}]{1,100}$/u;

const bad = (field: string, message: string): Rejection =>
  reject('INVALID_COLLECTOR', `collector.${field}`, message);

export const collectorOf = (record: CollectorRecord): CollectorSettings => ({
  ...record,
  modules: record.modules.map(oneOf(COLLECTOR_MODULES)).filter((name) => name !== undefined),
  consent: record.consent === null ? null : consentOf(record.consent),
});

/** Null, which leaves consent to the page, where this version of the software does not know how to read it. */
function consentOf({ platform, queueUntilKnown, custom }: ConsentRecord): ConsentReader | null {
  const known = oneOf(CONSENT_PLATFORMS)(platform);
  const store = custom === null ? undefined : oneOf(CONSENT_STORES)(custom.store);
  const format = custom === null ? undefined : oneOf(CONSENT_FORMATS)(custom.format);
  if (known === undefined) return null;
  if (custom === null) return { platform: known, queueUntilKnown, custom };
  if (store === undefined || format === undefined) return null;
  // Plain objects, whatever was decoded: settings are compared.
  const rules = Object.fromEntries(
    Object.entries(custom.rules).map(([category, { field, granted }]) => [category, { field, granted }]),
  );
  return { platform: known, queueUntilKnown, custom: { store, name: custom.name, format, rules } };
}

/** Why no source, `self` or a new one, can have them, if so. */
export function collectorFault(
  state: ConfigState,
  record: CollectorRecord,
  self?: string,
): Rejection | undefined {
  const { scriptFilename, batchSize, flushInterval, modules, consent, linkedDomains } = record;
  if (!(batchSize >= 1 && batchSize <= MAX_BATCH_SIZE))
    return bad('batchSize', `a batch has 1 to ${MAX_BATCH_SIZE} events`);
  if (!(flushInterval >= 0 && flushInterval <= MAX_FLUSH_INTERVAL))
    return bad('flushInterval', `events wait 0 to ${MAX_FLUSH_INTERVAL} milliseconds`);
  return (
    (scriptFilename === null ? undefined : filenameFault(state, scriptFilename, self)) ??
    modulesFault(modules) ??
    (consent === null ? undefined : consentFault(consent)) ??
    domainsFault(linkedDomains)
  );
}

function filenameFault(state: ConfigState, name: string, self?: string): Rejection | undefined {
  const field = 'collector.scriptFilename';
  if (!SCRIPT_FILENAME.test(name))
    return reject('INVALID_SCRIPT_FILENAME', field, 'a script’s name has 1 to 40 of a-z, 0-9, _ and -');
  if (RESERVED_FILENAMES.includes(name))
    return reject('INVALID_SCRIPT_FILENAME', field, `/${name}.js is the gateway's own; choose another name`);
  const holder = state.names.get(nameKey('script', name));
  return holder === undefined || holder === self
    ? undefined
    : reject('SCRIPT_FILENAME_TAKEN', field, `/${name}.js is the script of ${holder}; choose another name`);
}

function modulesFault(modules: readonly string[]): Rejection | undefined {
  const wrong = modules.findIndex((name) => oneOf(COLLECTOR_MODULES)(name) === undefined);
  if (wrong !== -1) return bad(`modules.${wrong}`, `there are ${listed(COLLECTOR_MODULES)}`);
  const twice = repeated(modules);
  return twice === undefined ? undefined : bad(`modules.${twice}`, 'the module is there twice');
}

function consentFault({ platform, custom }: ConsentRecord): Rejection | undefined {
  if (oneOf(CONSENT_PLATFORMS)(platform) === undefined)
    return bad('consent.platform', `the platform must be one of ${listed(CONSENT_PLATFORMS)}`);
  if (platform !== 'custom')
    return custom === null ? undefined : bad('consent.custom', `${platform} is known: leave it out`);
  if (custom === null) return bad('consent.custom', 'say where the consent is and how to read it');
  const { store, name, format, rules } = custom;
  if (oneOf(CONSENT_STORES)(store) === undefined)
    return bad('consent.custom.store', `the store must be one of ${listed(CONSENT_STORES)}`);
  if (oneOf(CONSENT_FORMATS)(format) === undefined)
    return bad('consent.custom.format', `the format must be one of ${listed(CONSENT_FORMATS)}`);
  if (!STORE_NAME.test(name))
    return bad('consent.custom.name', 'the name of the cookie or key has 1 to 100 characters of a token');
  return rulesFault(rules);
}

function rulesFault(rules: NonNullable<ConsentRecord['custom']>['rules']): Rejection | undefined {
  const entries = Object.entries(rules);
  if (entries.length === 0 || entries.length > MAX_RULES)
    return bad('consent.custom.rules', `1 to ${MAX_RULES} rules`);
  for (const [category, { field, granted }] of entries) {
    const path = `consent.custom.rules.${category.slice(0, 100)}`;
    if (!isConsentCategory(category) || isDangerousName(category))
      return bad(path, 'a consent category has 1 to 64 letters, digits and _ . : -');
    if (!RULE_TEXT.test(field)) return bad(`${path}.field`, 'name the field, in at most 100 characters');
    if (!RULE_TEXT.test(granted))
      return bad(`${path}.granted`, 'say which value grants, in at most 100 characters');
  }
  return undefined;
}

function domainsFault(domains: readonly string[]): Rejection | undefined {
  const invalid = (field: string, message: string) => reject('INVALID_DOMAIN', `collector.${field}`, message);
  if (domains.length > MAX_LINKED_DOMAINS)
    return invalid('linkedDomains', `at most ${MAX_LINKED_DOMAINS} domains`);
  const wrong = domains.findIndex((domain) => !HOSTNAME.test(domain));
  if (wrong !== -1)
    return invalid(`linkedDomains.${wrong}`, 'a domain is a hostname in lower case, such as shop.example');
  const twice = repeated(domains);
  return twice === undefined ? undefined : invalid(`linkedDomains.${twice}`, 'the domain is there twice');
}
