import { OidcLogin, parseRoleMapping, type SecretVault } from '../../api/index.ts';
import { SettingError, type Settings } from '../settings.ts';
import { clock } from './foundation.ts';

/** Login at the organisation's own identity provider, if one is set. Throws a `SettingError` if only half of it is. */
export function oidcLogin(settings: Settings, vault: SecretVault): OidcLogin | undefined {
  const { oidcIssuer, oidcClientId, oidcClientSecret, oidcRedirectUri } = settings;
  if (oidcIssuer === '') return undefined;
  if (oidcClientId === '' || oidcClientSecret === undefined || !URL.canParse(oidcRedirectUri))
    throw new SettingError(
      'OIDC_ISSUER needs OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_REDIRECT_URI, a URL',
    );
  if (!URL.canParse(oidcIssuer)) throw new SettingError('OIDC_ISSUER is no URL');
  return new OidcLogin({
    settings: {
      issuer: oidcIssuer,
      clientId: oidcClientId,
      clientSecret: oidcClientSecret,
      redirectUri: oidcRedirectUri,
      scope: settings.oidcScope,
      roleClaim: settings.oidcRoleClaim,
      roles: roleMapping(settings.oidcRoles),
    },
    key: vault.deriveKey('signal/oidc-logins'),
    clock,
  });
}

function roleMapping(entries: readonly string[]): ReturnType<typeof parseRoleMapping> {
  try {
    return parseRoleMapping(entries);
  } catch (error) {
    throw new SettingError(`OIDC_ROLES: ${error instanceof Error ? error.message : String(error)}`);
  }
}
