import { type CatalogVendor, type JsonObject, type JsonValue, settingProblems } from '../../config/index.ts';
import { type FieldPaths, pathOf } from '../changes.ts';
import { validationFailed } from '../errors.ts';
import type { SealedSecret, SecretVault } from '../secrets/index.ts';

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
  const problems = settingProblems(vendor.settings, given.settings, secrets);
  if (problems.length === 0) return given;
  throw validationFailed(
    problems.map(({ field, code, message }) => ({
      path: pathOf(field ?? '', SETTINGS_PATHS),
      code,
      message,
    })),
  );
}

/** By setting key. */
export type SealedSecrets = ReadonlyMap<string, SealedSecret>;

export async function sealAll(
  vault: Pick<SecretVault, 'seal'>,
  secrets: ReadonlyMap<string, string>,
): Promise<SealedSecrets> {
  const sealing = [...secrets].map(async ([key, value]) => [key, await vault.seal(value)] as const);
  return new Map(await Promise.all(sealing));
}

export const valuesOf = (secrets: SealedSecrets, value: keyof SealedSecret): Record<string, string> =>
  Object.fromEntries([...secrets].map(([key, secret]) => [key, secret[value]]));
