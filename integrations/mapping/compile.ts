import type { Event } from '../../schemas/index.ts';
import type { JsonObject } from '../json.ts';
import type { MappingProblem } from './errors.ts';
import { eventNameIndex } from './event-names.ts';
import type { EventView } from './event-view.ts';
import { ownName } from './field.ts';
import type { EventMapping, Mapping } from './mapping.ts';
import { compilePayload, type NamedFields } from './payload.ts';

export type MappingResult =
  | { readonly kind: 'mapped'; readonly vendorEvent: string; readonly payload: JsonObject }
  | { readonly kind: 'filtered'; readonly reason: 'EVENT_NOT_MAPPED' };

export type CompiledMapping = (view: EventView) => MappingResult;

/** Entries under these names are found by an event's type; under any other, by a track event's name. */
const BY_TYPE: ReadonlySet<string> = new Set<Event['type']>(['page', 'screen', 'identify', 'group', 'alias']);

const NOT_MAPPED: MappingResult = { kind: 'filtered', reason: 'EVENT_NOT_MAPPED' };

/** Compile once per revision, run per event. Throws if the mapping has problems: check `mappingProblems` first on one
 * that a user wrote. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  const { run, problems } = compile(mapping);
  const [first] = problems;
  if (first !== undefined) throw new Error(`Invalid mapping at ${first.path}: ${first.message}`);
  return run;
}

export function mappingProblems(mapping: Mapping): readonly MappingProblem[] {
  return compile(mapping).problems;
}

function compile(mapping: Mapping): {
  readonly run: CompiledMapping;
  readonly problems: readonly MappingProblem[];
} {
  const problems = new Map<string, MappingProblem>();
  const global: NamedFields = { path: 'global.mappings', fields: mapping.global.mappings };

  const entry = (own: NamedFields, vendorEvent: string | undefined): CompiledMapping => {
    const compiled = compilePayload([global, own], vendorEvent);
    for (const found of compiled.problems) problems.set(`${found.path} ${found.code}`, found);
    return (view) => ({
      kind: 'mapped',
      vendorEvent: vendorEvent ?? ownName(view),
      payload: compiled.build(view),
    });
  };

  const compileEvent = ([name, event]: readonly [string, EventMapping]): readonly [
    string,
    CompiledMapping,
  ] => [
    name,
    entry({ path: `events.${name}.mappings`, fields: event.mappings ?? [] }, event.vendor_event_name),
  ];
  const entries = Object.entries(mapping.events).map(compileEvent);
  const byType = new Map(entries.filter(([name]) => BY_TYPE.has(name)));
  // A page view sent as a track event is still one; an event that happens to be named "Group" is no group call.
  const named = entries.filter(([name]) => !BY_TYPE.has(name) || name === 'page' || name === 'screen');
  const byName = eventNameIndex(named);
  const passed = entry({ path: 'defaults.mappings', fields: mapping.defaults.mappings ?? [] }, undefined);
  const otherwise: CompiledMapping = mapping.defaults.action === 'drop' ? () => NOT_MAPPED : passed;

  return {
    run: (view) => (find(view.enriched.event, byType, byName) ?? otherwise)(view),
    problems: [...problems.values()],
  };
}

function find(
  event: Event,
  byType: ReadonlyMap<string, CompiledMapping>,
  byName: (name: string) => CompiledMapping | undefined,
): CompiledMapping | undefined {
  return event.type === 'track' ? byName(event.event ?? '') : byType.get(event.type);
}
