import type { Consent } from '../../schemas/index.ts';
import type { Fields, JsonObject } from './fields.ts';

type Canonical = 'essential' | 'functional' | 'analytics' | 'marketing' | 'personalization';

const CANONICAL: ReadonlyMap<string, Canonical> = new Map([
  ['essential', 'essential'],
  ['functional', 'functional'],
  ['analytics', 'analytics'],
  ['marketing', 'marketing'],
  ['personalization', 'personalization'],
  ['advertising', 'marketing'],
]);

export interface ConsentRead {
  readonly consent: Consent | null;
  /** What else the client's object held, such as a TCF string. */
  readonly rest: JsonObject | null;
}

/**
 * Two forms are understood: flat (`{analytics: true, advertising: false}`, every key both a category and, where it
 * has a canonical name, canonical) and split (`{categories: {C0002: true}, canonical: {analytics: true}}`). Where
 * several names mean one canonical category, one grant grants it. Essential is always granted. Categories in a
 * consent platform's own codes stay as they are: mapping them is the organisation's setting, applied later. No
 * known category at all means that nothing is known: `null`.
 */
export function readConsent(value: unknown, fields: Fields): ConsentRead {
  const object = fields.object(value, 'context.consent');
  if (object === null) return { consent: null, rest: null };
  return object.categories !== undefined || object.canonical !== undefined
    ? readSplit(object, fields)
    : readFlat(object, fields);
}

function readFlat(object: JsonObject, fields: Fields): ConsentRead {
  const categories: Record<string, boolean> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, granted] of fields.entries(object, 'context.consent')) {
    if (typeof granted === 'boolean') categories[name] = granted;
    else if (CANONICAL.has(name)) notBoolean(`context.consent.${name}`, fields);
    else rest[name] = granted;
  }
  return { consent: toConsent(categories, categories), rest: orNull(rest) };
}

function readSplit(object: JsonObject, fields: Fields): ConsentRead {
  const { categories: givenCategories, canonical: givenCanonical, ...rest } = object;
  const categories = readFlags(givenCategories, 'context.consent.categories', fields);
  const canonical = readFlags(givenCanonical, 'context.consent.canonical', fields);
  for (const name of Object.keys(canonical)) {
    if (!CANONICAL.has(name)) {
      fields.fail(
        `context.consent.canonical.${name}`,
        `is not a canonical category; those are ${[...CANONICAL.keys()].join(', ')}`,
      );
    }
  }
  const stated = Object.keys(canonical).length > 0 ? canonical : categories;
  return { consent: toConsent(categories, stated), rest: orNull(rest) };
}

function readFlags(value: unknown, path: string, fields: Fields): Record<string, boolean> {
  const flags: Record<string, boolean> = {};
  for (const [name, granted] of fields.entries(value, path)) {
    if (typeof granted === 'boolean') flags[name] = granted;
    else notBoolean(`${path}.${name}`, fields);
  }
  return flags;
}

function notBoolean(path: string, fields: Fields): void {
  fields.fail(path, 'must be true or false');
}

function toConsent(categories: Record<string, boolean>, stated: Record<string, boolean>): Consent | null {
  const canonical: Record<string, boolean> = { essential: true };
  let known = false;
  for (const [name, granted] of Object.entries(stated)) {
    known = true;
    const category = CANONICAL.get(name);
    if (category !== undefined) canonical[category] = (canonical[category] ?? false) || granted;
  }
  return known ? { categories, canonical } : null;
}

function orNull(rest: Record<string, unknown>): JsonObject | null {
  return Object.keys(rest).length > 0 ? rest : null;
}
