import type { Properties } from './event.ts';
import { uuid } from './id.ts';
import type { Storage } from './storage.ts';

export interface VisitorIds {
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly anonymousId?: string | undefined;
}

/**
 * Who is here. User and group live in memory only: the site calls `identify` again on each signed-in page.
 * The anonymousId belongs to the gateway, which keeps it in an HttpOnly cookie; it is unknown here until the
 * gateway has told it, and is remembered so that a visitor whose browser keeps no cookies stays one visitor.
 */
export interface Visitor {
  ids(): VisitorIds;
  /** Traits merge over earlier ones of the same user or group, key by key; the merged ones are returned. */
  know(who: 'userId' | 'groupId', id: string, traits: Properties): Properties;
  learn(anonymousId: string): void;
  /** Forgets user and group, and becomes a new visitor: on a shared computer the next person is another one. */
  reset(): void;
}

const KEY = 'anonymousId';

export function createVisitor(memory: Pick<Storage, 'get' | 'set'>): Visitor {
  let ids: VisitorIds = {};
  const traits: { [who in 'userId' | 'groupId']?: Properties } = {};
  return {
    ids: () => ({ ...ids, anonymousId: memory.get(KEY) }),
    know(who, id, given) {
      const merged = { ...(ids[who] === id && traits[who]), ...given };
      ids = { ...ids, [who]: id };
      traits[who] = merged;
      return merged;
    },
    learn(anonymousId) {
      memory.set(KEY, anonymousId);
    },
    reset() {
      ids = {};
      memory.set(KEY, `df_${uuid()}`);
    },
  };
}
