import { createStorage, type Storage } from '../storage.ts';

/** A browser's storage area in memory; `full` makes every write throw, as a full or forbidden one does. */
export function fakeArea(initial: Readonly<Record<string, string>> = {}, full = false): globalThis.Storage {
  const area: Record<string, string> = { ...initial };
  const methods: globalThis.Storage = Object.create({
    getItem: (key: string) => area[key] ?? null,
    setItem(key: string, value: string) {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      area[key] = value;
      methods[key] = value;
    },
    removeItem(key: string) {
      delete area[key];
      delete methods[key];
    },
  });
  return Object.assign(methods, area);
}

/** What one page sees of the area; another page of the same origin is given the same area. */
export function fakeStorage(area: globalThis.Storage = fakeArea()): Storage {
  return createStorage(() => area, 'taken');
}
