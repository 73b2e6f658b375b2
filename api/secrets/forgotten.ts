import type { ConfigProjection, ConfigState } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import type { SecretVault } from './vault.ts';

/**
 * Destroys what the configuration once held and holds no more. That is done right after each change; a process that
 * ends in between leaves it to the next start. Secrets that no event names are left alone: their change may be under
 * way. Resolves with how many there were.
 */
export async function destroyForgotten(
  vault: Pick<SecretVault, 'destroy' | 'isThere'>,
  projection: Pick<ConfigProjection, 'current' | 'version' | 'headsBetween' | 'event'>,
): Promise<number> {
  const kept = secretsOf(projection.current);
  const forgotten = projection
    .headsBetween(1, projection.version + 1)
    .filter(({ label }) => WITH_SECRETS.has(label))
    .flatMap(({ sequence }) => secretsIn(projection.event(sequence)))
    .filter((sealed) => !kept.has(sealed) && vault.isThere(sealed));
  await Promise.all(forgotten.map((sealed) => vault.destroy(sealed)));
  return forgotten.length;
}

const SEALED = /^v1\./;

/** Labels of the events that bring secrets. */
export const WITH_SECRETS: ReadonlySet<string> = new Set([
  'integration.installed',
  'integration.credentials_rotated',
  'source.signing_secret_added',
  'user.invitation_accepted',
  'user.password_changed',
]);

export function secretsIn({ payload }: ConfigEvent): string[] {
  if ('signal.config.IntegrationInstalled' in payload)
    return Object.values(payload['signal.config.IntegrationInstalled'].secrets);
  if ('signal.config.CredentialsRotated' in payload)
    return Object.values(payload['signal.config.CredentialsRotated'].secrets);
  if ('signal.config.SigningSecretAdded' in payload)
    return [payload['signal.config.SigningSecretAdded'].secret];
  if ('signal.config.InvitationAccepted' in payload)
    return sealedHash(payload['signal.config.InvitationAccepted'].passwordHash);
  if ('signal.config.PasswordChanged' in payload)
    return sealedHash(payload['signal.config.PasswordChanged'].passwordHash);
  return [];
}

/** All that a configuration holds, sealed. */
export function secretsOf({ sources, integrations, users }: ConfigState): Set<string> {
  return new Set([
    ...[...integrations.values()].flatMap(({ secrets }) => [...secrets.values()]),
    ...[...sources.values()].flatMap(({ signingSecrets }) => signingSecrets.map(({ sealed }) => sealed)),
    ...[...users.values()].flatMap(({ passwordHash }) => sealedHash(passwordHash)),
  ]);
}

/** A hash may also stand there as it is. */
const sealedHash = (hash: string | null): string[] => (hash !== null && SEALED.test(hash) ? [hash] : []);
