import { CONSENT_ID, type ConfigState, type JsonValue, SETTINGS_ID } from '../../config/index.ts';
import { snakeCase } from '../changes.ts';

export type ResourceView = { readonly [field: string]: JsonValue };

/** What auditors compare of a resource: all that a change may change, nothing that is secret. Undefined if there is
 * no such resource in that state. */
export function resourceView(state: ConfigState, id: string): ResourceView | undefined {
  const resource = find(state, id);
  return resource === undefined ? undefined : objectView(Object.entries(resource));
}

/** `source`, `integration`, ...; `other` for ids of kinds that are not kept in the state. */
export function resourceType(id: string): string {
  if (id === SETTINGS_ID) return 'settings';
  if (id === CONSENT_ID) return 'consent';
  return TYPES.get(id.slice(0, id.indexOf('_'))) ?? 'other';
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['int', 'integration'],
  ['pip', 'pipeline'],
  ['tok', 'token'],
  ['usr', 'user'],
]);

export const RESOURCE_TYPES = [...TYPES.values(), 'settings', 'consent'] as const;

function find(state: ConfigState, id: string): object | undefined {
  if (id === SETTINGS_ID) return state.settings.version === 0 ? undefined : state.settings;
  if (id === CONSENT_ID) return state.consent.version === 0 ? undefined : state.consent;
  return (
    state.sources.get(id) ??
    state.integrations.get(id) ??
    state.pipelines.get(id) ??
    state.tokens.get(id) ??
    state.users.get(id)
  );
}

/** Hashes and sealed texts say nothing to people; of a secret there is a fingerprint. The rest is in every event. */
const HIDDEN = new Set([
  'secrets',
  'sealed',
  'hash',
  'passwordHash',
  'version',
  'createdIn',
  'createdBy',
  'createdAt',
  'updatedAt',
]);

/** What stands in these are a vendor's or the caller's own words: their keys are shown as they are. */
const AS_THEY_ARE = new Set(['settings', 'mappings', 'rules']);

const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value));

const SEALED = /^v1\.sec_/;

function objectView(entries: readonly (readonly [string, unknown])[]): ResourceView {
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      if (HIDDEN.has(key)) return [];
      return [[snakeCase(key), AS_THEY_ARE.has(key) ? asJson(value) : valueView(value)]];
    }),
  );
}

function valueView(value: unknown): JsonValue {
  if (typeof value === 'string') return SEALED.test(value) ? '(sealed)' : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, each]) => [String(key), valueView(each)]));
  if (Array.isArray(value)) return arrayView(value);
  if (typeof value === 'object' && value !== null) return objectView(Object.entries(value));
  return null;
}

/** Numbered things are told apart by their numbers: a new revision is one new field, not another list. */
function arrayView(values: readonly unknown[]): JsonValue {
  const numbered = values.map((value) =>
    typeof value === 'object' && value !== null && 'number' in value
      ? ([String(value.number), value] as const)
      : undefined,
  );
  const known = numbered.filter((each) => each !== undefined);
  if (known.length === 0 || known.length < values.length) return values.map(valueView);
  return Object.fromEntries(known.map(([number, value]) => [number, valueView(value)]));
}
