import type { CustomConsent } from '../config.ts';
import type { Core } from '../piece.ts';
import { readCookie } from './cookies.ts';

// No browser tells of every change of a cookie.
const POLL_MS = 1_000;

/** Consent that the source's settings say how to read. While its entry is missing, nothing is known. */
export function custom({ config_: { consent: settings }, consent_: consent }: Core): void {
  if (!settings) return;
  let before: string | undefined;
  const read = () => {
    try {
      const text = readEntry(settings);
      if (text && text !== before) consent(readConsentFromConfig(settings, text), true);
      before = text;
    } catch {
      // Storage is forbidden, or what is there is not of this format: nothing is known.
    }
  };
  read();
  setInterval(read, POLL_MS);
}

function readEntry({ store, name }: CustomConsent): string {
  return store === 'cookie' ? decodeURIComponent(readCookie(name) || '') : localStorage.getItem(name) || '';
}

/**
 * Each category by the field that says it. JSON: a path (`choices.ads`). Comma and semicolon: `name:value` or
 * `name=value`, and a name alone is `true`. URL: a query string. A field that is missing grants nothing.
 */
export function readConsentFromConfig(
  { format, rules }: CustomConsent,
  text: string,
): Record<string, boolean> {
  let field: (name: string) => unknown;
  if (format === 'json') {
    const value: unknown = JSON.parse(text);
    field = (path) => path.split('.').reduce((object, name) => Object(object)[name], value);
  } else if (format === 'url') {
    const query = new URLSearchParams(text);
    field = (name) => query.get(name);
  } else {
    const fields = new Map<string, string>();
    for (const part of text.split(format === 'comma' ? ',' : ';')) {
      const [, name = '', value = 'true'] = /^\s*([^:=]*)(?:[:=](.*))?$/.exec(part) || [];
      fields.set(name.trim(), value.trim());
    }
    field = (name) => fields.get(name);
  }
  const said: Record<string, boolean> = {};
  for (const [category, name, granted] of rules) said[category] = String(field(name)) === granted;
  return said;
}
