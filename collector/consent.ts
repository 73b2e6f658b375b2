import type { ConsentCategories } from './event.ts';
import type { Storage } from './storage.ts';

const KEY = 'consent';

/**
 * What the visitor has decided, for each category; undefined until something was. Read for every event, because
 * another tab may have changed it.
 */
export function readConsent(memory: Pick<Storage, 'get' | 'set'>): ConsentCategories | undefined {
  try {
    return decisions(JSON.parse(memory.get(KEY) || '0'));
  } catch {
    return undefined;
  }
}

/** Adds to what was decided before. Only `true` and `false` are decisions; anything else is passed over. */
export function addConsent(memory: Pick<Storage, 'get' | 'set'>, categories: object): void {
  memory.set(KEY, JSON.stringify({ ...readConsent(memory), ...decisions(categories) }));
}

function decisions(value: unknown): ConsentCategories | undefined {
  let found: ConsentCategories | undefined;
  for (const [code, granted] of Object.entries(Object(value))) {
    if (typeof granted === 'boolean') found = { ...found, [code]: granted };
  }
  return found;
}
