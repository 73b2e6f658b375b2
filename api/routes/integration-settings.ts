import {
  type Catalog,
  type CatalogVendor,
  type Integration,
  type JsonObject,
  type JsonValue,
  latestRevision,
  type Rejection,
  settingProblems,
} from '../../config/index.ts';
import { type FieldPaths, pathOf } from '../changes.ts';
import { validationFailed } from '../errors.ts';

/** The command calls `settings` what the request calls `config`. */
export const SETTINGS_PATHS: FieldPaths = { settings: 'config' };

export interface GivenSettings {
  readonly settings: JsonObject;
  /** In clear: not to be kept, logged or answered. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Tells the secrets in an integration's `config` from the rest. Throws an error that names all fields at fault. */
export function readSettings(vendor: CatalogVendor, config: JsonObject): GivenSettings {
  const secretKeys = new Set(vendor.settings.filter(({ type }) => type === 'secret').map(({ key }) => key));
  const settings: [string, JsonValue][] = [];
  const secrets = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (!secretKeys.has(key)) settings.push([key, value]);
    else if (typeof value === 'string' && value !== '') secrets.set(key, value);
    else if (value !== null && value !== '')
      throw validationFailed([
        { path: `config.${key}`, code: 'INVALID_SETTING', message: 'a secret is a text' },
      ]);
  }
  const given = { settings: Object.fromEntries(settings), secrets };
  refuse(settingProblems(vendor.settings, given.settings, secrets));
  return given;
}

/**
 * The settings after a change: those given instead of the latest revision's, null to leave one out. Throws an error that
 * names all fields at fault, secrets among them: nothing that is refused later may stand in the log by then.
 */
export function mergeSettings(catalog: Catalog, integration: Integration, given: JsonObject): JsonObject {
  const present = latestRevision(integration)?.settings ?? {};
  const merged = Object.entries({ ...present, ...given }).filter(([, value]) => value !== null);
  const settings = Object.fromEntries(merged);
  const sealed = new Map([...integration.secrets.keys()].map((key) => [key, null]));
  refuse(settingProblems(catalog.get(integration.vendor)?.settings ?? [], settings, sealed));
  return settings;
}

/** Throws an error that names all secrets at fault. */
export function checkSecrets(vendor: CatalogVendor | undefined, secrets: ReadonlyMap<string, string>): void {
  const fields = vendor?.settings.filter(({ type }) => type === 'secret') ?? [];
  const problems = settingProblems(fields, {}, secrets);
  // Those that are not given stay as they are.
  refuse(
    problems.filter(({ code }) => code !== 'MISSING_SETTING'),
    'secrets',
  );
}

function refuse(problems: readonly Rejection[], name = 'config'): void {
  if (problems.length === 0) return;
  throw validationFailed(
    problems.map(({ field, code, message }) => ({
      path: pathOf(field ?? '', { settings: name }),
      code,
      message,
    })),
  );
}
