import type { JsonValue } from '../json.ts';

/** A value in, a value out; `undefined` when there is no sensible result, so that the field is left out. */
export type Transform = (value: JsonValue) => JsonValue | undefined;

export type DateFormat = keyof typeof DATE_FORMATS;

export type TransformName = keyof typeof TRANSFORMS;

const DATE_FORMATS = {
  iso8601: (ms: number) => new Date(ms).toISOString(),
  epoch_seconds: (ms: number) => Math.floor(ms / 1000),
  epoch_millis: (ms: number) => ms,
  epoch_micros: (ms: number) => ms * 1000,
};

/** Every transform by name; each is given the entry's `format`, which all but `date_format` ignore. */
export const TRANSFORMS = {
  date_format: (format: DateFormat = 'iso8601'): Transform => {
    const write = DATE_FORMATS[format];
    return (value) => {
      const ms = toEpochMillis(value);
      return ms === undefined ? undefined : write(ms);
    };
  },
  lowercase: () => onText((text) => text.toLowerCase()),
  trim: () => onText((text) => text.trim()),
  string: () => toText,
  number: () => toNumber,
  boolean: () => toBoolean,
} satisfies Record<string, (format?: DateFormat) => Transform>;

export function isTransformName(name: string): name is TransformName {
  return Object.hasOwn(TRANSFORMS, name);
}

export function isDateFormat(name: string): name is DateFormat {
  return Object.hasOwn(DATE_FORMATS, name);
}

/** Dates beyond this cannot be written (ECMA-262, time values). */
const MAX_TIME = 8.64e15;

function toEpochMillis(value: JsonValue): number | undefined {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Math.abs(ms) <= MAX_TIME ? ms : undefined;
}

function onText(change: (text: string) => string): Transform {
  return (value) => (typeof value === 'string' ? change(value) : undefined);
}

function toText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function toNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function toBoolean(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 1) return true;
  if (value === 'false' || value === 0) return false;
  return undefined;
}
