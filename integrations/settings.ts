import type { SettingField, VendorDefinition } from './integration.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { type SettingError, settingError } from './settings-errors.ts';

const MAX_TEXT = 8192;

type Fields = Pick<VendorDefinition, 'settings'>;

/** What is wrong with a vendor's settings as an operator gave them, secrets in clear among them. */
export function settingsErrors(definition: Fields, config: JsonObject): readonly SettingError[] {
  const known = new Set(definition.settings.map(({ key }) => key));
  const unknown = Object.keys(config)
    .filter((key) => !known.has(key))
    .map((key) => settingError(key, 'UNKNOWN_SETTING'));
  const wrong = definition.settings
    .map((field) => fieldError(definition, field, config))
    .filter((error) => error !== undefined);
  return [...unknown, ...wrong];
}

/** Settings apart from secrets, which travel sealed. Ask `settingsErrors` first: what the vendor does not have, or
 * has with another type, is left out. */
export function splitSecrets(
  definition: Fields,
  config: JsonObject,
): { readonly settings: JsonObject; readonly secrets: Readonly<Record<string, string>> } {
  const settings: Record<string, JsonValue> = {};
  const secrets: Record<string, string> = {};
  for (const { key, type } of definition.settings) {
    const value = read(config, key);
    if (value === undefined) continue;
    if (type !== 'secret') settings[key] = value;
    else if (typeof value === 'string') secrets[key] = value;
  }
  return { settings, secrets };
}

/** The vendor's settings, with its defaults where nothing was given. */
export function withDefaults(definition: Fields, settings: JsonObject): JsonObject {
  const complete: Record<string, JsonValue> = {};
  for (const { key, default: fallback } of definition.settings) {
    const value = read(settings, key) ?? fallback;
    if (value !== undefined) complete[key] = value;
  }
  return complete;
}

export function stringSetting(settings: JsonObject, key: string): string | undefined {
  const value = read(settings, key);
  return typeof value === 'string' ? value : undefined;
}

export function numberSetting(settings: JsonObject, key: string): number | undefined {
  const value = read(settings, key);
  return typeof value === 'number' ? value : undefined;
}

export function booleanSetting(settings: JsonObject, key: string): boolean {
  return read(settings, key) === true;
}

/** `null` and the empty text of an untouched form field mean "not given". */
function read(settings: JsonObject, key: string): JsonValue | undefined {
  const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
  return value === null || value === '' ? undefined : value;
}

function fieldError(definition: Fields, field: SettingField, config: JsonObject): SettingError | undefined {
  const value = read(config, field.key);
  if (value === undefined) {
    return field.required && applies(definition, field, config)
      ? settingError(field.key, 'SETTING_REQUIRED')
      : undefined;
  }
  const error = valueError(field, value);
  if (error !== undefined) return error;
  const wrong = field.check?.(value);
  return wrong === undefined ? undefined : settingError(field.key, 'SETTING_INVALID', wrong);
}

function applies(definition: Fields, field: SettingField, config: JsonObject): boolean {
  const { when } = field;
  if (when === undefined) return true;
  const other = definition.settings.find(({ key }) => key === when.key);
  return (read(config, when.key) ?? other?.default) === when.equals;
}

function valueError(field: SettingField, value: JsonValue): SettingError | undefined {
  const { key, type } = field;
  switch (type) {
    case 'string':
    case 'secret':
      return textError(key, value);
    case 'url':
      return textError(key, value) ?? urlError(key, String(value));
    case 'select':
      return field.options?.some((option) => option.value === value)
        ? undefined
        : settingError(key, 'SETTING_OPTION', (field.options ?? []).map((option) => option.value).join(', '));
    case 'boolean':
      return typeof value === 'boolean' ? undefined : settingError(key, 'SETTING_TYPE', 'true or false');
    case 'number':
      return numberError(field, value);
    case 'json':
      return undefined;
    default:
      return type satisfies never;
  }
}

function textError(key: string, value: JsonValue): SettingError | undefined {
  if (typeof value !== 'string') return settingError(key, 'SETTING_TYPE', 'a text');
  return value.length > MAX_TEXT
    ? settingError(key, 'SETTING_RANGE', `at most ${MAX_TEXT} characters`)
    : undefined;
}

function numberError({ key, min, max }: SettingField, value: JsonValue): SettingError | undefined {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    return settingError(key, 'SETTING_TYPE', 'a whole number');
  }
  const inRange = value >= (min ?? value) && value <= (max ?? value);
  return inRange ? undefined : settingError(key, 'SETTING_RANGE', `${min ?? ''} to ${max ?? ''}`);
}

/** Credentials in a URL would end up in records and logs; they have settings of their own. */
function urlError(key: string, text: string): SettingError | undefined {
  if (!URL.canParse(text)) return settingError(key, 'SETTING_INVALID', 'not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return settingError(key, 'SETTING_INVALID', 'only http and https');
  }
  if (url.username !== '' || url.password !== '') {
    return settingError(key, 'SETTING_INVALID', 'a URL must not contain credentials');
  }
  return undefined;
}
