import type { JsonValue } from '../../config/index.ts';
import type { ResourceView } from './resource-view.ts';

export interface FieldChange {
  /** Dotted: `settings.url`. */
  readonly path: string;
  /** Null if there was, or is, no such field. */
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** The fields that differ, in the order of their paths. Lists are compared as wholes. */
export function fieldDiff(before: ResourceView | undefined, after: ResourceView | undefined): FieldChange[] {
  const old = new Map(leaves(before ?? {}, ''));
  const now = new Map(leaves(after ?? {}, ''));
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

function leaves(value: ResourceView, prefix: string): [string, JsonValue][] {
  return Object.entries(value).flatMap(([key, each]) => {
    const path = `${prefix}${key}`;
    const isInner = typeof each === 'object' && each !== null && !Array.isArray(each);
    return isInner ? leaves(each, `${path}.`) : [[path, each] satisfies [string, JsonValue]];
  });
}
