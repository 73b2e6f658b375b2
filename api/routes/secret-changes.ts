import type { ConfigState } from '../../config/index.ts';
import type { Changed } from '../changes.ts';
import { ApiError } from '../errors.ts';
import type { SealedSecret, SecretVault } from '../secrets/index.ts';

/** By whatever tells those of a change apart. */
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
