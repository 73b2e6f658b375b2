import { isJsonObject, type JsonValue } from '../json.ts';

/** RFC 9110: a field name is a token; a value has no control characters. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e]*$/;

const MAX_HEADERS = 50;

/** Headers the HTTP client or the signature owns. */
const RESERVED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-signal-deduplication-id',
  'x-signature',
  'x-timestamp',
]);

/** What is wrong with the headers an operator wants sent, if anything. */
export function headersProblem(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return 'an object of header names and values';
  const entries = Object.entries(value);
  if (entries.length > MAX_HEADERS) return `at most ${MAX_HEADERS} headers`;
  for (const [name, text] of entries) {
    if (!NAME.test(name)) return `${JSON.stringify(name)} is not a header name`;
    if (RESERVED.has(name.toLowerCase())) return `${name} is set by Signal`;
    if (typeof text !== 'string' || !VALUE.test(text)) return `the value of ${name} is not a header value`;
  }
  return undefined;
}

export function customHeaders(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
      .map(([name, text]) => [name.toLowerCase(), text]),
  );
}

/** Ids may come from clients and hold anything; what a header cannot carry is percent-encoded. */
export function headerValue(text: string): string {
  return VALUE.test(text) ? text : encodeURIComponent(Buffer.from(text).toString());
}

export function headerValueProblem(value: JsonValue): string | undefined {
  return typeof value === 'string' && VALUE.test(value)
    ? undefined
    : 'only printable ASCII can be sent in a header';
}
