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
  const attempt = <T>(use: (area: globalThis.Storage) => T): T | undefined => {
    try {
      return use(area());
    } catch {
      return undefined;
    }
  };
  const get = (key: string) => attempt((store) => store.getItem(key)) || memory.get(key);
  return {
    get_: get,
    set_(key, value) {
      memory.set(key, value);
      attempt((store) => store.setItem(key, value));
    },
    remove_(key) {
      const others = !memory.delete(key);
      attempt((store) => {
        store.removeItem(key);
        if (others) store.setItem(taken, `${get(taken)} ${key}`.slice(-TAKEN_CHARACTERS));
      });
    },
    keys_(start, own) {
      const keys = new Set(attempt((store) => Object.keys(store)));
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
