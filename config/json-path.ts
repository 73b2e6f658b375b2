import { type JSONPathQuery, jsonpath } from 'json-p3';

const MAX_LENGTH = 200;

/** `match` and `search` run regular expressions, which a payload can be made to drag out. */
const ENVIRONMENT = new jsonpath.JSONPathEnvironment();
ENVIRONMENT.functionRegister.delete('match');
ENVIRONMENT.functionRegister.delete('search');

const STRINGS = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;

/**
 * A JSONPath (RFC 9535), ready to be asked; undefined if the text is none. Left out is what can take much longer than
 * reading the payload: descendants (`..`), and the functions `match` and `search`.
 */
export function compileJsonPath(text: string): JSONPathQuery | undefined {
  if (text.length > MAX_LENGTH || text.replace(STRINGS, '').includes('..')) return undefined;
  try {
    return ENVIRONMENT.compile(text);
  } catch {
    return undefined;
  }
}
