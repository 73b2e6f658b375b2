import type { LoginEvent } from '../../schemas/index.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Passwords that may be tried one after another, ... */
export const MAX_ATTEMPTS = 5;
/** ... before the account is locked this long. Attempts further apart do not count together. */
export const LOCKED_MS = 15 * MINUTE;
/** A session ends when its refresh token has not been used this long, ... */
export const REFRESH_MS = 7 * DAY;
/** ... and in any case this long after its login. */
export const SESSION_MS = 30 * DAY;

export interface Session {
  readonly userId: string;
  readonly startedAt: number;
  readonly refreshedAt: number;
  /** Of the refresh token that counts; an earlier one was used before. */
  readonly generation: number;
}

export const expiryOf = (session: Session): number =>
  Math.min(session.refreshedAt + REFRESH_MS, session.startedAt + SESSION_MS);

interface Attempts {
  readonly count: number;
  readonly last: number;
}

/**
 * Who is logged in and who is locked out: a fold of the login events in their order, which is the same for every
 * process. So of two that use one refresh token at once, all agree on which came first.
 */
export class LoginState {
  private readonly attempts = new Map<string, Attempts>();
  private readonly sessions = new Map<string, Session>();
  private nextSweep = 0;

  /** Whether the event counts: an attempt on a locked account does not, nor does a refresh token's second use. */
  apply(event: LoginEvent): boolean {
    this.sweep(event.time);
    switch (event.kind) {
      case 'attempted':
        return this.attempt(event.account ?? '', event.time);
      case 'started':
        return this.start(event);
      case 'refreshed':
        return this.refresh(event);
      case 'ended':
        return this.sessions.delete(event.sessionId ?? '');
      case 'revoked':
        for (const [id, { userId }] of this.sessions) if (userId === event.userId) this.sessions.delete(id);
        return true;
    }
  }

  /** Undefined once it has ended. */
  session(id: string, now: number): Session | undefined {
    const session = this.sessions.get(id);
    return session !== undefined && now < expiryOf(session) ? session : undefined;
  }

  private attempt(account: string, time: number): boolean {
    const before = this.attempts.get(account);
    const isOver = before === undefined || time >= before.last + LOCKED_MS;
    if (!isOver && before.count >= MAX_ATTEMPTS) return false;
    this.attempts.set(account, { count: isOver ? 1 : before.count + 1, last: time });
    return true;
  }

  private start({ account, userId, sessionId, time }: LoginEvent): boolean {
    if (account !== null) this.attempts.delete(account);
    if (userId === null || sessionId === null) return false;
    this.sessions.set(sessionId, { userId, startedAt: time, refreshedAt: time, generation: 0 });
    return true;
  }

  private refresh({ sessionId, generation, time }: LoginEvent): boolean {
    const session = sessionId === null ? undefined : this.session(sessionId, time);
    if (sessionId === null || session?.generation !== generation - 1) return false;
    this.sessions.set(sessionId, { ...session, generation, refreshedAt: time });
    return true;
  }

  /** Forgets what has run out, so that accounts people make up do not fill the memory. */
  private sweep(now: number): void {
    if (now < this.nextSweep) return;
    this.nextSweep = now + MINUTE;
    for (const [account, { last }] of this.attempts)
      if (now >= last + LOCKED_MS) this.attempts.delete(account);
    for (const [id, session] of this.sessions) if (now >= expiryOf(session)) this.sessions.delete(id);
  }
}
