/** What JSON.parse can return. Arrays are mutable in type only so that `Array.isArray` narrows. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export const EMPTY_OBJECT: JsonObject = Object.freeze({});

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in `text`, or an empty one: records come from an Avro field that holds an object by contract,
 * and one that does not must not stop the events behind it. */
export function parseObject(text: string): JsonObject {
  if (text === '{}' || text === '') return EMPTY_OBJECT;
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) ? value : EMPTY_OBJECT;
  } catch {
    return EMPTY_OBJECT;
  }
}
