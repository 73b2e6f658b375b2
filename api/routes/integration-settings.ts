import {
  type Catalog,
  type CatalogVendor,
  type ConfigState,
  type Integration,
  type JsonObject,
  type JsonValue,
  latestRevision,
  type Rejection,
  settingProblems,
} from '../../config/index.ts';
import { type Changed, type FieldPaths, pathOf } from '../changes.ts';
import { ApiError, validationFailed } from '../errors.ts';
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

/** By setting key. */
export type SealedSecrets = ReadonlyMap<string, SealedSecret>;

async function sealAll(
  vault: Pick<SecretVault, 'seal'>,
  secrets: ReadonlyMap<string, string>,
): Promise<SealedSecrets> {
  const sealing = [...secrets].map(async ([key, value]) => [key, await vault.seal(value)] as const);
  return new Map(await Promise.all(sealing));
}

export const valuesOf = (secrets: SealedSecrets, value: keyof SealedSecret): Record<string, string> =>
  Object.fromEntries([...secrets].map(([key, secret]) => [key, secret[value]]));

/**
 * Seals secrets for a change, and destroys what is of no use after it: those of the change if it was refused or had
 * been made before, and those it put others in the place of.
 */
export async function changeSecrets(
  vault: Pick<SecretVault, 'seal' | 'destroy'>,
  secrets: ReadonlyMap<string, string>,
  submit: (sealed: SealedSecrets) => Promise<Changed>,
): Promise<Changed> {
  const sealed = await sealAll(vault, secrets);
  const own = [...sealed.values()].map((secret) => secret.sealed);
  try {
    const changed = await submit(sealed);
    await destroyUnused(vault, changed, own);
    return changed;
  } catch (error) {
    // Only when it was refused for certain: after a timeout it may yet be accepted.
    if (error instanceof ApiError && error.status < 500)
      await Promise.all(own.map((secret) => vault.destroy(secret)));
    throw error;
  }
}

/** Nobody can open any more what the resource had before a change and has not after it, `others` besides. */
export async function destroyUnused(
  vault: Pick<SecretVault, 'destroy'>,
  { resourceId, before, state }: Changed,
  others: readonly string[] = [],
): Promise<void> {
  const used = new Set(heldBy(state, resourceId));
  const unused = [...heldBy(before, resourceId), ...others].filter((secret) => !used.has(secret));
  await Promise.all(unused.map((secret) => vault.destroy(secret)));
}

const heldBy = ({ integrations, sources }: ConfigState, resourceId: string): readonly string[] => [
  ...(integrations.get(resourceId)?.secrets.values() ?? []),
  ...(sources.get(resourceId)?.signingSecrets.map(({ sealed }) => sealed) ?? []),
];
