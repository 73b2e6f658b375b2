import { PersistentMap } from '../persistent-map.ts';
import type { ConfigState } from '../state.ts';

/** A state in a form that compares by value and that JSON can hold: maps become objects, their keys in order. */
export function plain(value: unknown): unknown {
  if (value instanceof PersistentMap || value instanceof Map)
    return Object.fromEntries(
      [...value].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, plain(item)]),
    );
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

/** What a state says, without the indexes that it keeps to find it by. */
export function factsOf(state: ConfigState): unknown {
  const { version, sources, integrations, pipelines, tokens, users, settings, consent } = state;
  return plain({ version, sources, integrations, pipelines, tokens, users, settings, consent });
}
