import type { LoginEvent } from '../../schemas/index.ts';
import { type Log, NO_HEADERS, type Serde, type TopicSpec } from '../../streams/index.ts';
import { decode } from '../../topologies/config/index.ts';
import { LoginState, SESSION_MS, type Session } from './login-state.ts';

export const LOGINS_TOPIC: TopicSpec = {
  name: 'logins',
  partitions: 1,
  // Longer than anything in it matters: a session's first event must not go before its last.
  retentionMs: SESSION_MS + 24 * 3600 * 1000,
};

export interface LoginLogOptions {
  readonly log: Pick<Log, 'append' | 'read'>;
  readonly serde: Serde<LoginEvent>;
  /** The topic cannot be read any more: who is logged in is not known from now on. */
  readonly onError: (error: Error) => void;
}

interface Waiter {
  readonly resolve: (counts: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** The login events of all processes, folded as they come. */
export class LoginLog {
  private readonly options: LoginLogOptions;
  private readonly state = new LoginState();
  private readonly waiters = new Map<number, Waiter>();
  /** What an own event came to that was read before its append had resolved. */
  private readonly early = new Map<number, boolean>();
  private appending = 0;
  private readonly stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private next = 0;
  private broken: Error | undefined;

  private constructor(options: LoginLogOptions) {
    this.options = options;
  }

  /** The topic must exist. Resolves when all of it is folded. */
  static async start(options: LoginLogOptions): Promise<LoginLog> {
    const logins = new LoginLog(options);
    await logins.fold(false);
    logins.following = logins.fold(true).then(
      () => logins.fail(new Error('the login log is closed')),
      (error: Error) => {
        logins.fail(error);
        options.onError(error);
      },
    );
    return logins;
  }

  session(id: string, now: number): Session | undefined {
    return this.state.session(id, now);
  }

  /** Resolves when the event is durable and folded here, with whether it counts (see `LoginState.apply`). */
  async append(event: Partial<LoginEvent> & Pick<LoginEvent, 'kind' | 'time'>): Promise<boolean> {
    const { log, serde } = this.options;
    const blank = { account: null, userId: null, sessionId: null, generation: 0 };
    const value = serde.serialize({ ...blank, ...event });
    this.appending++;
    try {
      const [position] = await log.append([
        {
          topic: LOGINS_TOPIC.name,
          partition: 0,
          key: null,
          value,
          timestamp: event.time,
          headers: NO_HEADERS,
        },
      ]);
      if (position === undefined) throw new Error('the log told no position');
      return await this.folded(position.offset);
    } finally {
      this.appending--;
      if (this.appending === 0) this.early.clear();
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  private folded(offset: number): Promise<boolean> {
    const counts = this.early.get(offset);
    if (counts !== undefined) return Promise.resolve(counts);
    if (this.broken !== undefined) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => this.waiters.set(offset, { resolve, reject }));
  }

  private async fold(follow: boolean): Promise<void> {
    const { log, serde } = this.options;
    const position = { topic: LOGINS_TOPIC.name, partition: 0, from: this.next };
    for await (const records of log.read({ ...position, follow, signal: this.stopping.signal })) {
      for (const { value, offset } of records) {
        this.next = offset + 1;
        if (value === null) continue;
        const counts = this.state.apply(await decode(serde, value));
        const waiter = this.waiters.get(offset);
        this.waiters.delete(offset);
        if (waiter !== undefined) waiter.resolve(counts);
        else if (this.appending > 0) this.early.set(offset, counts);
      }
    }
  }

  private fail(error: Error): void {
    this.broken = error;
    for (const { reject } of this.waiters.values()) reject(error);
    this.waiters.clear();
  }
}
