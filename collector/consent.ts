import type { ConsentCategories } from './event.ts';
import type { Storage } from './storage.ts';

/**
 * What the visitor has decided, for each category; undefined until something was. Read for every event, because
 * another tab may have changed it.
 */
export function readConsent(storage: Pick<Storage, 'get_'>, key: string): ConsentCategories | undefined {
  try {
    return decisions(JSON.parse(storage.get_(key) || '0'));
  } catch {
    return undefined;
  }
}

/** Adds to what was decided before; whether that changed anything. */
export function addConsent(
  storage: Pick<Storage, 'get_' | 'set_'>,
  key: string,
  categories: object,
): boolean {
  const after = JSON.stringify({ ...readConsent(storage, key), ...decisions(categories) });
  const changed = after !== '{}' && after !== storage.get_(key);
  if (changed) storage.set_(key, after);
  return changed;
}

/** Only `true` and `false` are decisions; anything else is passed over. */
export function decisions(value: unknown): ConsentCategories | undefined {
  let found: ConsentCategories | undefined;
  for (const [code, granted] of Object.entries(Object(value))) {
    if (typeof granted === 'boolean') found = { ...found, [code]: granted };
  }
  return found;
}
