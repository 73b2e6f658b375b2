import type { Properties } from './event.ts';

// Pages are not type-checked, so what they pass is looked at here. A bad call is reported, never guessed at.

/** An id or a name: a non-empty string, or a number, as databases count. Throws on anything else. */
export function text(value: unknown, name: string): string {
  const id = Number.isFinite(value) ? String(value) : value;
  if (typeof id === 'string' && id) return id;
  throw new TypeError(`${name} must be text`);
}

/** Properties, traits or categories; none is an empty object. Throws on anything but an object. */
export function bag(value: unknown): Properties {
  const bag = value || {};
  if (typeof bag === 'object' && !Array.isArray(bag)) return { ...bag };
  throw new TypeError('it must be an object');
}
