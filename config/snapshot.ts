import { hash } from 'node:crypto';
import { EVENT_KINDS } from './kinds/index.ts';
import { PersistentMap } from './persistent-map.ts';
import { type ConfigState, EMPTY_STATE } from './state.ts';

/*
 * A state as text, so that a start need not fold its log from the first event. It is no record of anything: whatever
 * is unknown or unexpected in it makes it worthless, never wrong.
 */

/** Of the text, and of what it stands for: to be raised when a state of before does not mean the same any more. */
const FORMAT = 1;
/** What folds events. Other code may come to something else; what it calls is not in here, see FORMAT. */
const CODE = hash(
  'sha256',
  Object.values(EVENT_KINDS)
    .map(({ label, evolve }) => `${label} ${evolve}`)
    .join('\n'),
);

const ARRAY = 0;
const OBJECT = 1;
const MAP = 2;
const PERSISTENT_MAP = 3;

/** Undefined if there is something in the state that this does not know how to write. */
export function writeSnapshot(state: ConfigState): string | undefined {
  try {
    return JSON.stringify([FORMAT, CODE, encode(state)]);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** Undefined unless it is a snapshot that this very program has written. */
export function readSnapshot(text: string): ConfigState | undefined {
  try {
    const [format, code, encoded]: readonly unknown[] = JSON.parse(text);
    if (format !== FORMAT || code !== CODE) return undefined;
    const state = decode(encoded);
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

class Unknown extends Error {}

function encode(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return [ARRAY, ...value.map(encode)];
  if (value instanceof Map && [...value.keys()].every((key) => typeof key === 'string'))
    return [MAP, ...[...value].flat().map(encode)];
  // In the order of their keys: two of one hash may come either way.
  if (value instanceof PersistentMap)
    return [
      PERSISTENT_MAP,
      ...[...value]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .map(encode),
    ];
  // Records of decoded events have prototypes of their own.
  if (typeof value === 'object' && Object.prototype.toString.call(value) === '[object Object]')
    return [OBJECT, ...Object.entries(value).flat().map(encode)];
  throw new Unknown();
}

function decode(encoded: unknown): unknown {
  if (!Array.isArray(encoded)) return encoded;
  const [kind, ...rest] = encoded;
  const items = rest.map(decode);
  switch (kind) {
    case ARRAY:
      return items;
    case OBJECT:
      // Defines properties, so that one called __proto__ is one.
      return Object.fromEntries(pairs(items));
    case MAP:
      return new Map(pairs(items));
    case PERSISTENT_MAP: {
      let map = PersistentMap.empty<string, unknown>();
      for (const [key, value] of pairs(items)) map = map.set(String(key), value);
      return map;
    }
    default:
      throw new Unknown();
  }
}

function* pairs(items: readonly unknown[]): Iterable<readonly [string, unknown]> {
  for (let i = 0; i < items.length; i += 2) yield [String(items[i]), items[i + 1]];
}

function isState(value: unknown): value is ConfigState {
  if (typeof value !== 'object' || value === null) return false;
  const found = new Map(Object.entries(value));
  return Object.entries(EMPTY_STATE).every(([field, empty]) => {
    const each = found.get(field);
    return empty instanceof PersistentMap ? each instanceof PersistentMap : each !== undefined;
  });
}
