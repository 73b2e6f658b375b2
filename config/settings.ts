import { applies, type CatalogField } from './catalog.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { type Rejection, reject } from './rejections.ts';

const MAX_STRING = 8192;

/** By setting key; null for a value that is sealed and cannot be looked at. */
export type GivenSecrets = ReadonlyMap<string, string | null>;

/**
 * Everything wrong with an integration's settings; nothing if they can be installed. `null` and the empty text of an
 * untouched form field mean "not given".
 */
export function settingProblems(
  fields: readonly CatalogField[],
  settings: JsonObject,
  secrets: GivenSecrets,
): Rejection[] {
  const known = new Set(fields.map((field) => field.key));
  const unknown = [...Object.keys(settings), ...secrets.keys()]
    .filter((key) => !known.has(key))
    .map((key) => unknownSetting(key, known));
  const wrong = fields
    .map((field) =>
      field.type === 'secret'
        ? secretProblem(field, fields, settings, secrets)
        : settingProblem(field, fields, settings, secrets),
    )
    .filter((problem) => problem !== undefined);
  return [...unknown, ...wrong];
}

const at = (key: string): string => `settings.${key}`;

function unknownSetting(key: string, known: ReadonlySet<string>): Rejection {
  const message = `there is no setting "${key.slice(0, 100)}"; there are: ${[...known].join(', ')}`;
  return reject('UNKNOWN_SETTING', at(key.slice(0, 100)), message);
}

function settingProblem(
  field: CatalogField,
  fields: readonly CatalogField[],
  settings: JsonObject,
  secrets: GivenSecrets,
): Rejection | undefined {
  if (secrets.has(field.key))
    return reject('MISPLACED_SECRET', at(field.key), `${field.key} is not a secret: pass it in the open`);
  const value = Object.hasOwn(settings, field.key) ? settings[field.key] : undefined;
  if (value === undefined || value === null || value === '') return missing(field, fields, settings);
  return invalid(field, typeFault(field, value) ?? field.check?.(value));
}

function secretProblem(
  field: CatalogField,
  fields: readonly CatalogField[],
  settings: JsonObject,
  secrets: GivenSecrets,
): Rejection | undefined {
  if (Object.hasOwn(settings, field.key))
    return reject('MISPLACED_SECRET', at(field.key), `${field.key} is a secret and must be sealed`);
  const value = secrets.get(field.key);
  if (value === undefined || value === '') return missing(field, fields, settings);
  return value === null ? undefined : invalid(field, typeFault(field, value) ?? field.check?.(value));
}

function missing(
  field: CatalogField,
  fields: readonly CatalogField[],
  settings: JsonObject,
): Rejection | undefined {
  if (!field.required || field.default !== undefined || !applies(field, fields, settings)) return undefined;
  return reject('MISSING_SETTING', at(field.key), `${field.label} (${field.key}) is required`);
}

function invalid(field: CatalogField, fault: string | undefined): Rejection | undefined {
  if (fault === undefined) return undefined;
  return reject('INVALID_SETTING', at(field.key), `${field.label} (${field.key}): ${fault}`);
}

function typeFault(field: CatalogField, value: JsonValue): string | undefined {
  switch (field.type) {
    case 'string':
    case 'secret':
      return stringFault(field, value);
    case 'url':
      return stringFault(field, value) ?? urlFault(value);
    case 'select': {
      const values = field.options?.map((option) => option.value) ?? [];
      return typeof value === 'string' && values.includes(value)
        ? undefined
        : `it must be one of ${values.join(', ')}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'it must be true or false';
    case 'number':
      return numberFault(field, value);
    case 'json':
      return undefined;
  }
}

function stringFault(field: CatalogField, value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'it must be a text';
  if (value.length > MAX_STRING) return `it must be at most ${MAX_STRING} characters long`;
  return field.required && value.trim() === '' ? 'it must not be empty' : undefined;
}

function urlFault(value: JsonValue): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) return 'it must be a whole URL such as https://example.com/path';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'it must begin with https:// or http://';
  // Configuration is shown to many and kept for ever.
  if (url.username !== '' || url.password !== '') return 'it must not hold a user name or password';
  return undefined;
}

function numberFault(field: CatalogField, value: JsonValue): string | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'it must be a whole number';
  if (field.min !== undefined && value < field.min) return `it must be at least ${field.min}`;
  if (field.max !== undefined && value > field.max) return `it must be at most ${field.max}`;
  return undefined;
}
