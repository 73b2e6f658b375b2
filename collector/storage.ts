/**
 * Web storage that never throws: it may be missing, forbidden, full or emptied by the page at any time. What this
 * page has set also lives in memory, so that it lasts at least as long as the page. What is stored wins: another tab
 * may have changed it.
 */
export interface Storage {
  get_(key: string): string | undefined;
  set_(key: string, value: string): void;
  remove_(key: string): void;
  /** Those that begin so, in order; `own`: only what this page has set, and no other has removed. */
  keys_(start: string, own?: boolean): string[];
}

// Some hundred keys: who looks later sends again what another tab took, and its messageId tells.
const TAKEN_CHARACTERS = 9_000;

/**
 * `taken` is the key under which a tab says which keys of other tabs it has lately removed. So a tab that misses one
 * of its own can tell whether another took it, or the page emptied the storage, which takes that word away too. Not
 * by `storage` events: to listen to them costs a page its sessionStorage's first use, and one in the back/forward
 * cache misses them.
 */
export function createStorage(area: () => globalThis.Storage, taken: string): Storage {
  const memory = new Map<string, string>();
  const get = (key: string) => {
    let value: string | null | undefined;
    try {
      value = area().getItem(key);
    } catch {
      // What this page has set is in memory; so below.
    }
    return value || memory.get(key);
  };
  return {
    get_: get,
    set_(key, value) {
      memory.set(key, value);
      try {
        area().setItem(key, value);
      } catch {
        // See above.
      }
    },
    remove_(key) {
      const others = !memory.delete(key);
      try {
        area().removeItem(key);
        if (others) area().setItem(taken, `${get(taken)} ${key}`.slice(-TAKEN_CHARACTERS));
      } catch {
        // See above.
      }
    },
    keys_(start, own) {
      let keys = new Set<string>();
      try {
        keys = new Set(Object.keys(area()));
      } catch {
        // See above.
      }
      for (const key of memory.keys()) {
        if (keys.has(key)) continue;
        if (String(get(taken)).includes(key)) memory.delete(key);
        else keys.add(key);
      }
      return Array.from(keys)
        .filter((key) => key.startsWith(start) && (!own || memory.has(key)))
        .sort();
    },
  };
}
