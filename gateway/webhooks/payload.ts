import { isObject, type JsonObject } from '../normalise/fields.ts';

/** What is at the end of a path of own properties. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of path) {
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** An id as text, which many write as a number. One too long to be exact in JavaScript would be somebody else's. */
export function text(value: unknown): string | null {
  if (typeof value === 'number') return isExact(value) ? String(value) : null;
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

export function firstText(values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = text(value);
    if (found !== null) return found;
  }
  return null;
}

/** An amount, which some write as text. */
export function amount(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Without what is `null` or `undefined`. */
export function present(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  );
}
