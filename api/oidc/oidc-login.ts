import * as client from 'openid-client';
import type { Role } from '../../config/index.ts';
import { apiError } from '../errors.ts';
import { decrypt, encrypt } from '../secrets/cipher.ts';
import { mappedRole, type RoleMapping } from './role-mapping.ts';

/** What an organisation's own identity provider, and its administrator, say. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back to; a page that hands the query string to `auth/oidc/finish`. */
  readonly redirectUri: string;
  readonly scope: string;
  readonly roleClaim: string;
  /** Empty: roles are given here only, and only who was invited may log in. */
  readonly roles: RoleMapping;
}

export interface OidcLoginOptions {
  readonly settings: OidcSettings;
  /** 32 bytes; seals what a login in progress must not forget. */
  readonly key: Buffer;
  readonly clock: { now(): number };
}

/** Who the provider says it is. */
export interface Identity {
  readonly email: string;
  readonly name: string;
  /** Undefined: no claim is mapped to one. */
  readonly role: Role | undefined;
}

/** How long somebody may take at the provider. */
const LOGIN_MS = 10 * 60_000;
const CONTEXT = 'oidc-login';

interface InProgress {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly expiresAt: number;
}

/** Logs people in at an OpenID provider: authorization code with PKCE (RFC 7636), state and nonce. */
export class OidcLogin {
  readonly settings: OidcSettings;
  private readonly options: OidcLoginOptions;
  private discovered: Promise<client.Configuration> | undefined;

  constructor(options: OidcLoginOptions) {
    this.options = options;
    this.settings = options.settings;
  }

  /** `login`: sealed; whoever starts keeps it and brings it back, so that nobody else's login can be finished in
   * their name, whichever process it comes to. */
  async start(): Promise<{ readonly authorizationUrl: string; readonly login: string }> {
    const configuration = await this.configuration();
    const { settings, key, clock } = this.options;
    const login: InProgress = {
      verifier: client.randomPKCECodeVerifier(),
      state: client.randomState(),
      nonce: client.randomNonce(),
      expiresAt: clock.now() + LOGIN_MS,
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: settings.redirectUri,
      scope: settings.scope,
      code_challenge: await client.calculatePKCECodeChallenge(login.verifier),
      code_challenge_method: 'S256',
      state: login.state,
      nonce: login.nonce,
    });
    const sealed = encrypt(key, Buffer.from(JSON.stringify(login)), CONTEXT);
    return { authorizationUrl: url.href, login: sealed.toString('base64url') };
  }

  /** `callback`: the query string that the provider sent back. Throws the API's error if nobody is proven by it. */
  async finish(login: string, callback: string): Promise<Identity> {
    const { verifier, state, nonce } = this.opened(login);
    const configuration = await this.configuration();
    const url = new URL(this.settings.redirectUri);
    url.search = callback;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('there is no ID token');
      const info = await client.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return this.identityOf({ ...claims, ...info });
    } catch (cause) {
      throw apiError('OIDC_LOGIN_FAILED', reasonOf(cause));
    }
  }

  private opened(login: string): InProgress {
    const { key, clock } = this.options;
    const opened = decrypt(key, Buffer.from(login, 'base64url'), CONTEXT);
    if (opened === undefined) throw apiError('OIDC_LOGIN_FAILED', 'it was not started here');
    const inProgress: InProgress = JSON.parse(opened.toString('utf8'));
    if (inProgress.expiresAt <= clock.now()) throw apiError('OIDC_LOGIN_FAILED', 'it took too long');
    return inProgress;
  }

  private identityOf(claims: Readonly<Record<string, unknown>>): Identity {
    const { email, email_verified: isVerified, name } = claims;
    // An address that anybody may claim at the provider would open anybody's account here.
    if (typeof email !== 'string' || isVerified !== true)
      throw new Error('the email address is not verified there');
    return {
      email,
      name: typeof name === 'string' && name.trim() !== '' ? name.trim() : email,
      role: mappedRole(this.settings.roles, claims[this.settings.roleClaim]),
    };
  }

  /** Asked for until the provider has answered once. */
  private async configuration(): Promise<client.Configuration> {
    this.discovered ??= this.discover();
    try {
      return await this.discovered;
    } catch {
      this.discovered = undefined;
      throw apiError('OIDC_UNAVAILABLE');
    }
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const url = new URL(issuer);
    const execute = isLoopback(url) ? [client.allowInsecureRequests] : [];
    return client.discovery(url, clientId, clientSecret, undefined, { execute, timeout: 10 });
  }
}

/** Everywhere else the provider must be reached by HTTPS. */
const isLoopback = (url: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);

/** What may be told: a code of the protocol or our own words, no text of the provider's. */
function reasonOf(cause: unknown): string {
  if (cause instanceof client.AuthorizationResponseError)
    return `the provider says ${cause.error.slice(0, 100)}`;
  if (cause instanceof client.ResponseBodyError) return `the provider says ${cause.error.slice(0, 100)}`;
  if (cause instanceof client.ClientError) return 'the answer of the provider is not what was asked for';
  return cause instanceof Error ? cause.message : 'for an unknown reason';
}
