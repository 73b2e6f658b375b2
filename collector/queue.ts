import type { Storage } from './storage.ts';

/** An event waiting to be sent, as the JSON that will be sent: what the page does to its objects later is nothing to it. */
export interface QueuedEvent {
  readonly messageId: string;
  readonly json: string;
}

/**
 * Events not yet taken by the gateway, oldest first. Each is also its own entry in storage, so that taking one
 * costs one small write, and several tabs, which share the storage, never overwrite one another's.
 * The next page to load takes over what it finds there. A tab still alive may send the same event too: the
 * gateway tells it by its messageId.
 */
export interface Queue {
  readonly size: number;
  /** Throws where the event is not JSON (a circle, a BigInt) or too large. */
  add(event: { readonly messageId: string }): void;
  /** The first `count` events. */
  head(count: number): readonly QueuedEvent[];
  remove(events: readonly QueuedEvent[]): void;
  /** Gives the anonymousId to those waiting without one: they are of the visitor it was learned for. */
  attribute(anonymousId: string): void;
}

// One event fits a beacon (64 KB), and a batch of ten the gateway's limit (512 KB).
const MAX_EVENT_BYTES = 32_000;
// localStorage holds 5 MB in most browsers, and is the site's before it is ours.
const MAX_EVENTS = 1_000;
const MAX_CHARACTERS = 1_000_000;

const PREFIX = 'queue.';

interface Stored {
  readonly key: string;
  readonly messageId: string;
  json: string;
}

export function createQueue(storage: Storage, onDropped: () => void): Queue {
  let sequence = 0;
  let events: Stored[] = [];

  const push = (key: string, messageId: string, json: string) => {
    events.push({ key, messageId, json });
    while (events.length > MAX_EVENTS || characters() > MAX_CHARACTERS) {
      remove(events.slice(0, 1));
      onDropped();
    }
  };
  const characters = () => events.reduce((sum, event) => sum + event.json.length, 0);
  const remove = (gone: readonly QueuedEvent[]) => {
    events = events.filter((event) => {
      const stays = !gone.includes(event);
      if (!stays) storage.remove(event.key);
      return stays;
    });
  };

  // A key begins with its time, so their order is the events'.
  for (const key of storage.keys().sort()) {
    if (!key.startsWith(PREFIX)) continue;
    const json = storage.get(key) || '';
    const messageId = messageIdOf(json);
    if (messageId) push(key, messageId, json);
    else storage.remove(key);
  }

  return {
    get size() {
      return events.length;
    },
    add(event) {
      const json = JSON.stringify(event);
      if (new Blob([json]).size > MAX_EVENT_BYTES) throw new RangeError('the event is over 32 KB');
      const key = `${PREFIX}${Date.now()}.${1e6 + sequence++}.${event.messageId}`;
      storage.set(key, json);
      push(key, event.messageId, json);
    },
    head: (count) => events.slice(0, count),
    remove,
    attribute(anonymousId) {
      for (const event of events) {
        // The later of two equal keys counts, so an anonymousId that is there already stays.
        event.json = JSON.stringify({ anonymousId, ...JSON.parse(event.json) });
        storage.set(event.key, event.json);
      }
    },
  };
}

/** Undefined where what was stored is not an event: anything on the page can write there. */
function messageIdOf(json: string): string | undefined {
  try {
    const { messageId } = JSON.parse(json);
    return typeof messageId === 'string' ? messageId : undefined;
  } catch {
    return undefined;
  }
}
