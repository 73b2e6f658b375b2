import { createHmac } from 'node:crypto';
import { type ConfigProjection, type User, type UserId, userByEmail } from '../../config/index.ts';
import type { ApiIds } from '../ids.ts';
import type { SecretVault } from '../secrets/index.ts';
import type { LoginLog } from './login-log.ts';
import { REFRESH_MS, SESSION_MS } from './login-state.ts';
import { isPassword } from './passwords.ts';
import { ACCESS_SECONDS, type SessionTokens } from './session-tokens.ts';

export interface SessionsOptions {
  readonly logins: LoginLog;
  readonly tokens: SessionTokens;
  readonly projection: Pick<ConfigProjection, 'current'>;
  readonly secrets: Pick<SecretVault, 'open'>;
  /** Keys the hashes of email addresses in the login log. */
  readonly accountKey: Buffer;
  readonly ids: Pick<ApiIds, 'uuid'>;
  readonly clock: { now(): number };
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds, of the access token. */
  readonly expiresIn: number;
}

/** `user`: whose account it was about, where that is known. */
export type LoginOutcome =
  | { readonly kind: 'tokens'; readonly user: User; readonly tokens: TokenPair }
  | {
      readonly kind: 'refused';
      readonly code: 'INVALID_CREDENTIALS' | 'ACCOUNT_LOCKED' | 'INVALID_REFRESH_TOKEN';
      readonly user: User | undefined;
      /** A refresh token came a second time: one of two who had it has stolen it. */
      readonly reused?: boolean;
    };

export type AccessOutcome =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'refused'; readonly code: 'INVALID_TOKEN' | 'EXPIRED_TOKEN' };

/** Logs people in, and knows who is. */
export class Sessions {
  private readonly options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.options = options;
  }

  /**
   * With a password. An address that nobody has is treated like any other, down to the time it takes and to being
   * locked, so that nobody learns from it who has an account.
   */
  async login(email: string, password: string): Promise<LoginOutcome> {
    const { logins, projection, clock } = this.options;
    const account = this.accountOf(email);
    const user = userByEmail(projection.current, email);
    // Noted before it is tried: however many tries are made at once, here and elsewhere, no more count than may.
    if (!(await logins.append({ kind: 'attempted', account, time: clock.now() })))
      return { kind: 'refused', code: 'ACCOUNT_LOCKED', user };
    const isRight = await isPassword(password, await this.passwordHashOf(user));
    if (!isRight || user === undefined || user.status !== 'active')
      return { kind: 'refused', code: 'INVALID_CREDENTIALS', user };
    return { kind: 'tokens', user, tokens: await this.start(user, account) };
  }

  /** For a user whose identity is proven. */
  async start(user: User, account: string | null = null): Promise<TokenPair> {
    const { logins, ids, clock } = this.options;
    const sessionId = ids.uuid();
    await logins.append({ kind: 'started', account, userId: user.id, sessionId, time: clock.now() });
    return this.tokensOf(user.id, sessionId, 0, clock.now() + SESSION_MS);
  }

  /** A new pair for a refresh token, which is void from then on. One that comes again ends all of the user's
   * sessions. */
  async refresh(refreshToken: string): Promise<LoginOutcome> {
    const { logins, tokens, clock } = this.options;
    const refused = { kind: 'refused', code: 'INVALID_REFRESH_TOKEN', user: undefined } as const;
    const now = clock.now();
    const read = await tokens.readRefresh(refreshToken, now);
    if ('fault' in read) return refused;
    const { sessionId, generation } = read.claims;
    const session = logins.session(sessionId, now);
    const user = this.userOf(read.claims.userId);
    if (session === undefined || user?.status !== 'active') return { ...refused, user };
    const next = generation + 1;
    const counts =
      session.generation === generation &&
      (await logins.append({ kind: 'refreshed', sessionId, generation: next, time: now }));
    if (!counts) {
      await this.endAllOf(user.id);
      return { ...refused, user, reused: true };
    }
    const pair = await this.tokensOf(user.id, sessionId, next, session.startedAt + SESSION_MS);
    return { kind: 'tokens', user, tokens: pair };
  }

  /** Whose access token it is, if it counts: logging out and disabling a user take effect at once. */
  async authenticate(accessToken: string): Promise<AccessOutcome> {
    const { logins, tokens, clock } = this.options;
    const now = clock.now();
    const read = await tokens.readAccess(accessToken, now);
    if ('fault' in read)
      return { kind: 'refused', code: read.fault === 'expired' ? 'EXPIRED_TOKEN' : 'INVALID_TOKEN' };
    const session = logins.session(read.claims.sessionId, now);
    const user = session === undefined ? undefined : this.userOf(session.userId);
    if (user?.status !== 'active') return { kind: 'refused', code: 'INVALID_TOKEN' };
    return { kind: 'user', user };
  }

  /** Ends the session of a refresh token, even of one used before. Resolves with its user, if there was a session. */
  async end(refreshToken: string): Promise<User | undefined> {
    const { logins, tokens, clock } = this.options;
    const read = await tokens.readRefresh(refreshToken, clock.now());
    if ('fault' in read) return undefined;
    const { sessionId, userId } = read.claims;
    if (!(await logins.append({ kind: 'ended', sessionId, time: clock.now() }))) return undefined;
    return this.userOf(userId);
  }

  async endAllOf(userId: UserId): Promise<void> {
    const { logins, clock } = this.options;
    await logins.append({ kind: 'revoked', userId, time: clock.now() });
  }

  /** Whether it is the user's password. Not counted: for who is logged in already. */
  async isPasswordOf(user: User, password: string): Promise<boolean> {
    return isPassword(password, await this.passwordHashOf(user));
  }

  private async passwordHashOf(user: User | undefined): Promise<string | undefined> {
    const { passwordHash = null } = user ?? {};
    return passwordHash === null ? undefined : this.options.secrets.open(passwordHash);
  }

  private async tokensOf(
    userId: string,
    sessionId: string,
    generation: number,
    endsAt: number,
  ): Promise<TokenPair> {
    const { tokens, clock } = this.options;
    const now = clock.now();
    const [accessToken, refreshToken] = await Promise.all([
      tokens.access({ userId, sessionId }, now),
      tokens.refresh({ userId, sessionId, generation }, now, Math.min(now + REFRESH_MS, endsAt)),
    ]);
    return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS };
  }

  private userOf(id: string): User | undefined {
    return this.options.projection.current.users.get(id);
  }

  private accountOf(email: string): string {
    const normal = email.normalize('NFKC').toLowerCase();
    return createHmac('sha256', this.options.accountKey).update(normal).digest('base64url');
  }
}
