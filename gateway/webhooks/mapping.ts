import type { JSONPathQuery } from 'json-p3';
import { compileJsonPath } from '../../config/index.ts';
import { isObject, type JsonObject } from '../normalise/fields.ts';
import type { WebhookSettings } from '../sources.ts';
import { firstText, text } from './payload.ts';
import type { Payload, Provider } from './provider.ts';

/** Asks a payload; `undefined` where it finds nothing. */
type Question = (payload: JsonObject) => unknown;

interface Mapping {
  /** For the provider's type; `null`: it is at the provider's usual place. */
  readonly type: Question | null;
  readonly fields: readonly (readonly [path: readonly string[], ask: Question])[];
}

/**
 * A track event of a provider's payload: the provider's defaults, and over them what the source maps. A mapped field
 * is the payload's or missing, never a default that would be another kind of id; only messageId and timestamp, which
 * are of one kind, fall back.
 */
export function eventOf(payload: Payload, provider: Provider, settings: WebhookSettings): JsonObject {
  const { type: usualType, timestamp, traits, properties, ...ids } = provider.read(payload);
  const mapping = mappingOf(settings);
  const type = mapping.type === null ? usualType : textOf(mapping.type(payload.json));
  const event: Record<string, unknown> = {
    ...ids,
    event: type !== null && Object.hasOwn(provider.names, type) ? provider.names[type] : type,
    timestamp: timeOf(timestamp),
    traits: { ...traits },
    properties: type === null ? { ...properties } : { event_type: type, ...properties },
  };
  for (const [path, ask] of mapping.fields) fill(event, path, ask(payload.json));
  return event;
}

/** Where a list was found, its first. */
const textOf = (found: unknown): string | null => (Array.isArray(found) ? firstText(found) : text(found));

function fill(event: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [field = '', ...place] = path;
  if (place.length > 0) {
    if (value !== undefined) put(event, path, value);
    return;
  }
  const found = textOf(value);
  if (field === 'timestamp') event.timestamp = timeOf(found) ?? event.timestamp;
  else if (field === 'messageId') event.messageId = found ?? event.messageId;
  else event[field] = found;
}

function put(into: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value;
    return;
  }
  const inner = Object.hasOwn(into, key) ? into[key] : undefined;
  const copy = isObject(inner) ? { ...inner } : {};
  into[key] = copy;
  put(copy, rest, value);
}

/** Seconds and milliseconds since 1970 as ISO 8601; any other text is left for the normaliser to judge. */
function timeOf(value: unknown): unknown {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number') return value ?? undefined;
  const time = new Date(number < SECONDS_BELOW ? number * 1000 : number);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** In seconds the year 5138, in milliseconds 1973. */
const SECONDS_BELOW = 100_000_000_000;

const compiled = new WeakMap<WebhookSettings, Mapping>();

/** Compiled once for as long as the settings are the same. */
function mappingOf(settings: WebhookSettings): Mapping {
  let mapping = compiled.get(settings);
  if (mapping === undefined) {
    mapping = {
      type: settings.eventTypePath === null ? null : questionOf(settings.eventTypePath),
      fields: Object.entries(settings.mappings).map(([path, jsonPath]) => [
        path.split('.'),
        questionOf(jsonPath),
      ]),
    };
    compiled.set(settings, mapping);
  }
  return mapping;
}

/** A path that can only find one value finds that; any other finds a list. */
function questionOf(jsonPath: string): Question {
  const query = compileJsonPath(jsonPath);
  if (query === undefined) return () => undefined;
  const isSingular = query.singularQuery();
  return (payload) => {
    if (!isJson(payload)) return undefined;
    const found = query.query(payload).values();
    if (isSingular) return found[0];
    return found.length === 0 ? undefined : found;
  };
}

/** Whatever came out of a JSON text. */
const isJson = (value: unknown): value is Parameters<JSONPathQuery['query']>[0] => value !== undefined;
