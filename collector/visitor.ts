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
  ids_(): VisitorIds;
  /** Traits merge over earlier ones of the same user or group, key by key; the merged ones are returned. */
  know_(who: 'userId' | 'groupId', id: string, traits: Properties): Properties;
  learn_(anonymousId: string): void;
  /** Forgets user and group, and becomes a new visitor: on a shared computer the next person is another one. */
  reset_(): void;
}

export function createVisitor(storage: Pick<Storage, 'get_' | 'set_'>, key: string): Visitor {
  let ids: VisitorIds = {};
  const traits: { [who in 'userId' | 'groupId']?: Properties } = {};
  const learn = (anonymousId: string) => storage.set_(key, anonymousId);
  return {
    ids_: () => ({ ...ids, anonymousId: storage.get_(key) }),
    know_(who, id, given) {
      const merged = { ...(ids[who] === id && traits[who]), ...given };
      ids = { ...ids, [who]: id };
      traits[who] = merged;
      return merged;
    },
    learn_: learn,
    reset_() {
      ids = {};
      learn(`df_${uuid()}`);
    },
  };
}
