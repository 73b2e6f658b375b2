import { applies, type CatalogField } from './catalog.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { type Rejection, reject } from './rejections.ts';

const MAX_STRING = 8192;

/**
 * Everything wrong with an integration's settings. `secretKeys` are the settings whose values came as secrets; what
 * the secrets say cannot be checked here, they are sealed.
 */
export function settingProblems(
  fields: readonly CatalogField[],
  settings: JsonObject,
  secretKeys: readonly string[],
): Rejection[] {
  const problems: Rejection[] = [];
  const byKey = new Map(fields.map((field) => [field.key, field]));
  for (const [key, value] of Object.entries(settings)) {
    const field = byKey.get(key);
    const problem = field === undefined ? unknownSetting(key, fields) : settingProblem(field, value);
    if (problem !== undefined) problems.push(problem);
  }
  for (const key of secretKeys) {
    const field = byKey.get(key);
    if (field === undefined) problems.push(unknownSetting(key, fields));
    else if (field.type !== 'secret')
      problems.push(reject('MISPLACED_SECRET', at(key), `${key} is not a secret: pass it in the open`));
  }
  const given = new Set([...Object.keys(settings), ...secretKeys]);
  for (const field of fields)
    if (
      field.required &&
      !given.has(field.key) &&
      field.default === undefined &&
      applies(field, fields, settings)
    )
      problems.push(reject('MISSING_SETTING', at(field.key), `${field.label} (${field.key}) is required`));
  return problems;
}

const at = (key: string): string => `settings.${key}`;

function unknownSetting(key: string, fields: readonly CatalogField[]): Rejection {
  const known = fields.map((field) => field.key).join(', ');
  return reject(
    'UNKNOWN_SETTING',
    at(key),
    `there is no setting "${key.slice(0, 100)}"; there are: ${known}`,
  );
}

function settingProblem(field: CatalogField, value: JsonValue): Rejection | undefined {
  if (field.type === 'secret')
    return reject('MISPLACED_SECRET', at(field.key), `${field.key} is a secret and must be sealed`);
  const fault = typeFault(field, value) ?? field.check?.(value);
  return fault === undefined
    ? undefined
    : reject('INVALID_SETTING', at(field.key), `${field.label} (${field.key}) ${fault}`);
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
        : `must be one of ${values.join(', ')}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      return numberFault(field, value);
    case 'json':
      return undefined;
  }
}

function stringFault(field: CatalogField, value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'must be a text';
  if (value.length > MAX_STRING) return `must be at most ${MAX_STRING} characters long`;
  return field.required && value.trim() === '' ? 'must not be empty' : undefined;
}

function urlFault(value: JsonValue): string | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) return 'must be a whole URL such as https://example.com/path';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https:// or http://';
  // Configuration is shown to many and kept for ever.
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  return undefined;
}

function numberFault(field: CatalogField, value: JsonValue): string | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return 'must be a whole number';
  if (field.min !== undefined && value < field.min) return `must be at least ${field.min}`;
  if (field.max !== undefined && value > field.max) return `must be at most ${field.max}`;
  return undefined;
}
