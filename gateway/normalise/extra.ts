import { type Fields, isDangerousKey, type JsonObject } from './fields.ts';

/** Collects what a client's context holds beyond the typed fields. */
export class Extra {
  readonly #fields: Fields;
  #object: Record<string, unknown> | null = null;

  constructor(fields: Fields) {
    this.#fields = fields;
  }

  add(key: string, value: unknown): void {
    if (!this.#isSafe(key, `context.${key}`)) return;
    this.#object ??= {};
    this.#object[key] = value;
  }

  /** Adds under `key` what `object` holds beside `known`. */
  addRest(key: string, object: JsonObject, known: ReadonlySet<string>): void {
    let rest: Record<string, unknown> | null = null;
    for (const name in object) {
      if (known.has(name)) continue;
      if (!this.#isSafe(name, `context.${key}.${name}`)) return;
      rest ??= {};
      rest[name] = object[name];
    }
    if (rest !== null) this.add(key, rest);
  }

  json(): string {
    return this.#object === null ? '{}' : this.#fields.json(this.#object, 'context');
  }

  /** Asked before assigning: `object.__proto__ = …` would not add a key but change what the object is. */
  #isSafe(key: string, path: string): boolean {
    if (!isDangerousKey(key)) return true;
    this.#fields.fail(path, 'is a name that is not accepted; rename it');
    return false;
  }
}
