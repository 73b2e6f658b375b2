import type { JsonText } from '../../schemas/index.ts';

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a well-formed event may hold. Lengths are in UTF-16 units, as JavaScript counts them. */
export const LIMITS = {
  /** messageId, anonymousId, userId, groupId, previousId */
  id: 512,
  /** Names of events, pages and screens. */
  name: 1024,
  /** Any other text of a typed field: URLs, titles, user agents. */
  text: 8192,
  /** A property's name, a consent category, a click id's parameter. */
  key: 512,
  /** Levels of objects and arrays below `properties`, `traits` or `context`. */
  depth: 32,
  /** Values of all free-form parts of one event together. */
  values: 10_000,
  /** Entries of consent categories, click ids, vendor ids. */
  entries: 100,
} as const;

export interface FieldProblem {
  /** Where in the event, as `context.page.url` or `properties.items[2].price`; "" is the event itself. */
  readonly path: string;
  readonly message: string;
}

/** Keys through which a careless merge in some later system would reach `Object.prototype`. An event that has
 * one, at any depth, is refused rather than silently changed. */
export function isDangerousKey(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

const NO_ENTRIES: readonly [string, unknown][] = [];

/**
 * Reads the fields of one event and remembers the first problem met; after a problem what it returns is a
 * placeholder. So a normaliser reads on in a straight line and asks for `problem` once, at the end. `null`, a
 * missing field and blank text all mean absent, as senders use them interchangeably.
 */
export class Fields {
  problem: FieldProblem | undefined = undefined;
  #values = 0;

  fail(path: string, message: string): void {
    this.problem ??= { path, message };
  }

  object(value: unknown, path: string): JsonObject | null {
    if (value === undefined || value === null) return null;
    if (isObject(value)) return value;
    this.fail(path, `must be an object, not ${nameOfType(value)}`);
    return null;
  }

  /** Text that identifies: kept exactly or refused, since two ids must never become one by a repair. A whole number,
   * as databases count their rows, is its digits, unless it is so large that JSON may have changed them. */
  id(value: unknown, path: string): string | null {
    const id = this.#string(Number.isSafeInteger(value) ? String(value) : value, path, LIMITS.id);
    if (id !== null && !id.isWellFormed()) {
      this.fail(path, 'must be well-formed Unicode; it has half of a surrogate pair');
      return null;
    }
    return id;
  }

  /** Half a surrogate pair (an emoji cut in two) becomes U+FFFD here, since UTF-8 cannot carry it. */
  text(value: unknown, path: string, maxLength: number = LIMITS.text): string | null {
    return this.#string(value, path, maxLength)?.toWellFormed() ?? null;
  }

  number(value: unknown, path: string): number | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.fail(path, `must be a number, not ${nameOfType(value)}`);
    return null;
  }

  /** Own entries of an object, its size and its keys checked. */
  entries(value: unknown, path: string): readonly [key: string, value: unknown][] {
    const object = this.object(value, path);
    if (object === null) return NO_ENTRIES;
    const entries = Object.entries(object);
    if (entries.length > LIMITS.entries) {
      this.fail(path, `has ${entries.length} entries; at most ${LIMITS.entries} are accepted`);
      return NO_ENTRIES;
    }
    return entries.every(([key]) => this.#checkKey(key, path)) ? entries : NO_ENTRIES;
  }

  /** A free-form object as JSON text. */
  json(value: unknown, path: string): JsonText {
    const object = this.object(value, path);
    if (object === null) return '{}';
    return this.#inspect(object, path, 1) ? JSON.stringify(object) : '{}';
  }

  #string(value: unknown, path: string, maxLength: number): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') {
      this.fail(path, `must be a string, not ${nameOfType(value)}`);
      return null;
    }
    if (value.length > maxLength) {
      this.fail(path, `is ${value.length} characters long; at most ${maxLength} are accepted`);
      return null;
    }
    return value.trim() === '' ? null : value;
  }

  #checkKey(key: string, path: string): boolean {
    if (isDangerousKey(key)) {
      this.fail(`${path}.${key}`, 'is a name that is not accepted; rename it');
      return false;
    }
    if (key.length > LIMITS.key) {
      this.fail(path, `has a key of ${key.length} characters; at most ${LIMITS.key} are accepted`);
      return false;
    }
    return true;
  }

  #inspect(value: JsonObject, path: string, depth: number): boolean {
    if (depth > LIMITS.depth) return this.#tooDeep(path);
    for (const key in value) {
      if (!this.#checkKey(key, path) || !this.#inspectChild(value[key], path, key, depth)) return false;
    }
    return true;
  }

  #inspectItems(items: readonly unknown[], path: string, depth: number): boolean {
    if (depth > LIMITS.depth) return this.#tooDeep(path);
    for (let index = 0; index < items.length; index++) {
      if (!this.#inspectChild(items[index], path, index, depth)) return false;
    }
    return true;
  }

  #inspectChild(child: unknown, path: string, at: string | number, depth: number): boolean {
    if (++this.#values > LIMITS.values) {
      this.fail('', `holds more than ${LIMITS.values} values`);
      return false;
    }
    if (Array.isArray(child)) return this.#inspectItems(child, childPath(path, at), depth + 1);
    if (isObject(child)) return this.#inspect(child, childPath(path, at), depth + 1);
    if (typeof child === 'number' && !Number.isFinite(child)) {
      this.fail(childPath(path, at), 'is a number too large to be kept');
      return false;
    }
    return true;
  }

  #tooDeep(path: string): boolean {
    this.fail(path, `is nested deeper than ${LIMITS.depth} levels`);
    return false;
  }
}

function childPath(path: string, at: string | number): string {
  return typeof at === 'number' ? `${path}[${at}]` : `${path}.${at}`;
}

function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
}
