import type { VendorDefinition } from './integration.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** The vendor's settings, with its defaults where nothing was given, and nothing the vendor does not have. */
export function withDefaults(
  { settings: fields }: Pick<VendorDefinition, 'settings'>,
  settings: JsonObject,
): JsonObject {
  const complete: Record<string, JsonValue> = {};
  for (const { key, default: fallback } of fields) {
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
