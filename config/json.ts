/** What JSON.parse can return. Arrays are mutable in type only so that `Array.isArray` narrows. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The object a JSON text holds; undefined if it holds something else or is not JSON. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What JSON holds of it. */
export const asJsonObject = (value: object): JsonObject => parseJsonObject(JSON.stringify(value)) ?? {};

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
