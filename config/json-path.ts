import { type JSONPathQuery, jsonpath } from 'json-p3';

const MAX_LENGTH = 200;

/** A JSONPath (RFC 9535), ready to be asked; undefined if the text is none. */
export function compileJsonPath(text: string): JSONPathQuery | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    return jsonpath.compile(text);
  } catch {
    return undefined;
  }
}
