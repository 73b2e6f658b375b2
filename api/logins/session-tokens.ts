import { errors, jwtVerify, SignJWT } from 'jose';

/** Seconds. */
export const ACCESS_SECONDS = 15 * 60;

const ALGORITHM = 'HS256';
const ISSUER = 'signal';

/** What an access token says. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

/** What a refresh token says. */
export interface RefreshClaims extends AccessClaims {
  readonly generation: number;
}

type Kind = 'access' | 'refresh';

/** `expired`: it was one of ours. `invalid`: it is none, or of the other kind. */
export type Verified<T> = { readonly claims: T } | { readonly fault: 'expired' | 'invalid' };

/** Makes and reads the tokens of logins. Times are epoch milliseconds. */
export class SessionTokens {
  private readonly key: Uint8Array;

  /** `key`: 32 bytes. */
  constructor(key: Uint8Array) {
    this.key = key;
  }

  access({ userId, sessionId }: AccessClaims, now: number): Promise<string> {
    return this.sign('access', userId, { sid: sessionId }, now, now + ACCESS_SECONDS * 1000);
  }

  refresh({ userId, sessionId, generation }: RefreshClaims, now: number, expiresAt: number): Promise<string> {
    return this.sign('refresh', userId, { sid: sessionId, gen: generation }, now, expiresAt);
  }

  async readAccess(token: string, now: number): Promise<Verified<AccessClaims>> {
    return this.read('access', token, now);
  }

  async readRefresh(token: string, now: number): Promise<Verified<RefreshClaims>> {
    return this.read('refresh', token, now);
  }

  private sign(kind: Kind, userId: string, claims: object, now: number, expiresAt: number): Promise<string> {
    return new SignJWT({ ...claims, type: kind })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(userId)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(this.key);
  }

  private async read(kind: Kind, token: string, now: number): Promise<Verified<RefreshClaims>> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(now),
      });
      const { sub, sid, gen = 0, type } = payload;
      if (type !== kind || sub === undefined || typeof sid !== 'string' || typeof gen !== 'number')
        return { fault: 'invalid' };
      return { claims: { userId: sub, sessionId: sid, generation: gen } };
    } catch (error) {
      return { fault: error instanceof errors.JWTExpired ? 'expired' : 'invalid' };
    }
  }
}

/** Whether a text has the form of a login's token rather than of an API token. */
export const looksLikeJwt = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
