import type { Catalog } from './catalog.ts';
import { parseJsonObject } from './json.ts';
import { type Rejection, reject } from './rejections.ts';
import type { Integration, Revision } from './resources/integration.ts';
import { settingProblems } from './settings.ts';
import type { ConfigState } from './state.ts';

const CONSENT_CATEGORY = /^[A-Za-z0-9_.:-]{1,64}$/;
const MAX_CATEGORIES = 50;

/** What a revision of an integration is made of. */
export interface RevisionContent {
  readonly vendor: string;
  readonly variant: string;
  /** JSON. */
  readonly settings: string;
}

/** Why no revision can be made of it, if so. `secrets`: the keys of those there are. */
export function contentFault(
  catalog: Catalog,
  content: RevisionContent,
  secrets: Iterable<string>,
): Rejection | undefined {
  const vendor = catalog.get(content.vendor);
  if (vendor === undefined)
    return reject('UNKNOWN_VENDOR', 'vendor', `the catalog has: ${[...catalog.keys()].join(', ')}`);
  if (!vendor.variants.some((variant) => variant.key === content.variant)) {
    const variants = vendor.variants.map((variant) => variant.key).join(', ');
    return reject('UNKNOWN_VARIANT', 'variant', `${vendor.name} has the variants: ${variants}`);
  }
  const settings = parseJsonObject(content.settings);
  if (settings === undefined) return reject('INVALID_SETTING', 'settings', 'settings must be a JSON object');
  const sealed = new Map([...secrets].map((key) => [key, null]));
  return settingProblems(vendor.settings, settings, sealed)[0];
}

export function categoriesFault(categories: readonly string[]): Rejection | undefined {
  const bad = (message: string) => reject('INVALID_CONSENT_CATEGORY', 'consentCategories', message);
  if (!categories.every(isConsentCategory))
    return bad('a consent category has 1 to 64 letters, digits and _ . : -');
  if (new Set(categories).size !== categories.length) return bad('a consent category is named twice');
  if (categories.length > MAX_CATEGORIES) return bad(`at most ${MAX_CATEGORIES} categories`);
  return undefined;
}

export const isConsentCategory = (text: string): boolean => CONSENT_CATEGORY.test(text);

export const integrationNotFound = (id: string): Rejection =>
  reject('INTEGRATION_NOT_FOUND', null, `there is no integration ${id}`);

/** The state with some of an integration changed; as it was where there is no such integration. */
export function withIntegration(
  state: ConfigState,
  id: string,
  change: (integration: Integration) => Partial<Integration>,
): ConfigState {
  const integration = state.integrations.get(id);
  if (integration === undefined) return state;
  const integrations = state.integrations.set(integration.id, { ...integration, ...change(integration) });
  return { ...state, integrations };
}

/** The revisions with some of one changed. */
export const withRevision = (
  { revisions }: Integration,
  number: number,
  change: Partial<Revision>,
): readonly Revision[] =>
  revisions.map((revision) => (revision.number === number ? { ...revision, ...change } : revision));
