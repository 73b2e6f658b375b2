import type { InstallIntegration } from '../../schemas/index.ts';
import type { Catalog } from '../catalog.ts';
import { newIdFault } from '../creation.ts';
import { integrationId } from '../ids.ts';
import { parseJsonObject } from '../json.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, nameKey } from '../names.ts';
import { type Rejection, reject } from '../rejections.ts';
import { created } from '../resources/resource.ts';
import { settingProblems } from '../settings.ts';

const CONSENT_CATEGORY = /^[A-Za-z0-9_.:-]{1,64}$/;
const MAX_CATEGORIES = 50;

export const installIntegration = commandKind(
  'signal.config.InstallIntegration',
  (state, command, meta, { catalog }) => {
    const fault =
      newIdFault(state, integrationId, meta.resourceId) ??
      nameFault(state, 'integration', command.name) ??
      vendorFault(catalog, command) ??
      categoriesFault(command.consentCategories);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.IntegrationInstalled': { integrationId: meta.resourceId, ...command } });
  },
);

export const integrationInstalled = eventKind('signal.config.IntegrationInstalled', 'integration.installed', {
  evolve(state, event, meta) {
    const id = integrationId.of(event.integrationId);
    const { name, vendor, variant, consentCategories } = event;
    const settings = parseJsonObject(event.settings) ?? {};
    return {
      ...state,
      names: state.names.set(nameKey('integration', name), id),
      integrations: state.integrations.set(id, {
        ...created(meta),
        id,
        name,
        vendor,
        consentCategories,
        secrets: new Map(Object.entries(event.secrets)),
        fingerprints: new Map(Object.entries(event.fingerprints)),
        revisions: [{ number: 1, variant, settings, createdAt: meta.time }],
      }),
    };
  },
  show: (event) => ({
    integrationId: event.integrationId,
    name: event.name,
    vendor: event.vendor,
    variant: event.variant,
    revision: 1,
    settings: parseJsonObject(event.settings) ?? {},
    fingerprints: { ...event.fingerprints },
    consentCategories: [...event.consentCategories],
  }),
});

function vendorFault(catalog: Catalog, command: InstallIntegration): Rejection | undefined {
  const vendor = catalog.get(command.vendor);
  if (vendor === undefined)
    return reject('UNKNOWN_VENDOR', 'vendor', `the catalog has: ${[...catalog.keys()].join(', ')}`);
  if (!vendor.variants.some((variant) => variant.key === command.variant)) {
    const variants = vendor.variants.map((variant) => variant.key).join(', ');
    return reject('UNKNOWN_VARIANT', 'variant', `${vendor.name} has the variants: ${variants}`);
  }
  const settings = parseJsonObject(command.settings);
  if (settings === undefined) return reject('INVALID_SETTING', 'settings', 'settings must be a JSON object');
  const sealed = new Map(Object.keys(command.secrets).map((key) => [key, null]));
  return settingProblems(vendor.settings, settings, sealed)[0];
}

function categoriesFault(categories: readonly string[]): Rejection | undefined {
  const bad = categories.find((category) => !CONSENT_CATEGORY.test(category));
  if (bad !== undefined)
    return reject(
      'INVALID_CONSENT_CATEGORY',
      'consentCategories',
      'a consent category has 1 to 64 letters, digits and _ . : -',
    );
  if (new Set(categories).size !== categories.length)
    return reject('INVALID_CONSENT_CATEGORY', 'consentCategories', 'a consent category is named twice');
  if (categories.length > MAX_CATEGORIES)
    return reject('INVALID_CONSENT_CATEGORY', 'consentCategories', `at most ${MAX_CATEGORIES} categories`);
  return undefined;
}
