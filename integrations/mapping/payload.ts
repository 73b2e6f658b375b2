import type { JsonObject, JsonValue } from '../json.ts';
import { type MappingProblem, problem } from './errors.ts';
import type { EventView } from './event-view.ts';
import { compileField } from './field.ts';
import type { FieldMapping } from './mapping.ts';
import type { Source } from './source-path.ts';

/** A payload's shape, known when the mapping is compiled: building one is a walk over it. Keys stand in the order
 * their targets were first named, so equal events give equal bytes. */
interface Branch {
  readonly children: Map<string, Node>;
}

type Node = { readonly kind: 'leaf'; value: Source } | ({ readonly kind: 'branch' } & Branch);

const SEGMENT = /^[^.\s]+$/u;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export interface NamedFields {
  /** Where the fields stand in the mapping, for messages. */
  readonly path: string;
  readonly fields: readonly FieldMapping[];
}

/** Later fields replace earlier ones with the same target. */
export function compilePayload(
  groups: readonly NamedFields[],
  vendorEvent: string | undefined,
): { readonly build: (view: EventView) => JsonObject; readonly problems: readonly MappingProblem[] } {
  const root: Branch = { children: new Map() };
  const problems: MappingProblem[] = [];
  for (const { path, fields } of groups) {
    for (const [index, field] of fields.entries()) {
      const here = `${path}.${index}`;
      const compiled = compileField(field, here, vendorEvent);
      problems.push(...compiled.problems);
      const code = place(root, field.target, compiled.value);
      if (code !== undefined) problems.push(problem(`${here}.target`, code, field.target));
    }
  }
  const build = builder(root);
  return { build: (view) => build(view) ?? {}, problems };
}

function place(
  root: Branch,
  target: string,
  value: Source,
): 'INVALID_TARGET' | 'TARGET_CONFLICT' | undefined {
  const segments = target.split('.');
  const last = segments.pop();
  if (last === undefined || ![...segments, last].every(isSegment)) return 'INVALID_TARGET';
  let branch = root;
  for (const segment of segments) {
    const next: Node = branch.children.get(segment) ?? { kind: 'branch', children: new Map() };
    if (next.kind === 'leaf') return 'TARGET_CONFLICT';
    branch.children.set(segment, next);
    branch = next;
  }
  const existing = branch.children.get(last);
  if (existing?.kind === 'branch') return 'TARGET_CONFLICT';
  if (existing === undefined) branch.children.set(last, { kind: 'leaf', value });
  else existing.value = value;
  return undefined;
}

function isSegment(segment: string): boolean {
  return SEGMENT.test(segment) && !FORBIDDEN.has(segment);
}

function builder(branch: Branch): (view: EventView) => JsonObject | undefined {
  const fields: readonly (readonly [string, Source])[] = [...branch.children].map(([key, node]) => [
    key,
    node.kind === 'leaf' ? node.value : builder(node),
  ]);
  return (view) => {
    let payload: Record<string, JsonValue> | undefined;
    for (const [key, read] of fields) {
      const value = read(view);
      if (value === undefined) continue;
      payload ??= {};
      payload[key] = value;
    }
    return payload;
  };
}
