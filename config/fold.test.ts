import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigEvent } from '../schemas/index.ts';
import { decide } from './decide.ts';
import { evolve, fold, showEvent } from './evolve.ts';
import { nameKey } from './names.ts';
import { PersistentMap } from './persistent-map.ts';
import { type ConfigState, EMPTY_STATE, sourceByPipelineKey } from './state.ts';
import {
  CATALOG,
  type CommandOptions,
  command,
  createPipeline,
  createSource,
  createToken,
  installIntegration,
} from './testing/given.ts';

/** Few ids and names, so that commands collide often. */
const small = fc.integer({ min: 0, max: 5 });
const name = fc.constantFrom('A', 'a', 'B', 'C', ' ', 'ﬁ', 'fi');
const anyCommand: fc.Arbitrary<CommandOptions> = fc.oneof(
  fc
    .tuple(small, name, small)
    .map(([id, name, key]) => createSource(`src_${id}`, { name, pipelineKey: `dk_live_0000000${key}` })),
  fc.tuple(small, name).map(([id, name]) => installIntegration(`int_${id}`, { name })),
  fc
    .record({ id: small, source: small, integration: small, enabled: fc.boolean(), revision: small })
    .map(({ id, source, integration, enabled, revision }) =>
      createPipeline(`pip_${id}`, {
        sourceId: `src_${source}`,
        integrationId: `int_${integration}`,
        enabled,
        ...(revision === 0 ? {} : { revision }),
      }),
    ),
  fc
    .tuple(small, name, small)
    .map(([id, name, hash]) => createToken(`tok_${id}`, { name, tokenHash: `${hash}`.repeat(64) })),
);
const anyCommands = fc.array(anyCommand, { maxLength: 60 });

/** The events of those that were accepted. */
function run(commands: readonly CommandOptions[], check?: (state: ConfigState) => void): ConfigEvent[] {
  const events: ConfigEvent[] = [];
  let state = EMPTY_STATE;
  for (const options of commands) {
    const decision = decide(state, command(options), { catalog: CATALOG });
    if ('rejection' in decision) continue;
    events.push(...decision.events);
    state = fold(state, decision.events);
    check?.(state);
  }
  return events;
}

describe('folding', () => {
  it('any prefix and then the rest gives what folding all gives', () => {
    fc.assert(
      fc.property(anyCommands, fc.nat(), (commands, cut) => {
        const events = run(commands);
        const at = cut % (events.length + 1);
        const prefix = fold(EMPTY_STATE, events.slice(0, at));
        expect(plain(fold(prefix, events.slice(at)))).toEqual(plain(fold(EMPTY_STATE, events)));
      }),
    );
  });

  it('leaves the state it began from as it was', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => {
        const events = run(commands);
        const before = fold(EMPTY_STATE, events.slice(0, 3));
        const frozen = plain(before);
        fold(before, events.slice(3));
        expect(plain(before)).toEqual(frozen);
      }),
    );
  });

  it('numbers events from 1 without a gap, and those of each resource as well', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => {
        const events = run(commands);
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
        for (const id of new Set(events.map((event) => event.resourceId))) {
          const own = events.filter((event) => event.resourceId === id);
          expect(own.map((event) => event.resourceVersion)).toEqual(own.map((_, index) => index + 1));
        }
      }),
    );
  });

  it('never throws on an event that was written, in whatever state', () => {
    fc.assert(
      fc.property(anyCommands, fc.infiniteStream(fc.nat()), (commands, picks) => {
        const events = run(commands);
        let state = EMPTY_STATE;
        for (const _ of events) {
          const event = events[(picks.next().value ?? 0) % events.length]!;
          state = evolve(state, event);
          showEvent(event);
        }
      }),
    );
  });
});

describe('an accepted command', () => {
  it('never breaks an invariant', () => {
    fc.assert(
      fc.property(anyCommands, (commands) => void run(commands, assertInvariants)),
      { numRuns: 300 },
    );
  });
});

function assertInvariants(state: ConfigState): void {
  const sources = [...state.sources.values()];
  const integrations = [...state.integrations.values()];
  const pipelines = [...state.pipelines.values()];
  const tokens = [...state.tokens.values()];
  for (const [kind, resources] of [
    ['source', sources],
    ['integration', integrations],
    ['token', tokens],
  ] as const) {
    const names = resources.map((resource) => nameKey(kind, resource.name));
    expect(new Set(names).size, `names of ${kind}s`).toBe(names.length);
    for (const resource of resources) expect(state.names.get(nameKey(kind, resource.name))).toBe(resource.id);
  }
  expect(state.names.size).toBe(sources.length + integrations.length + tokens.length);
  for (const source of sources)
    for (const key of source.pipelineKeys) expect(sourceByPipelineKey(state, key)).toBe(source);
  for (const token of tokens) expect(state.tokenIdByHash.get(token.hash)).toBe(token.id);
  for (const pipeline of pipelines) {
    expect(state.sources.has(pipeline.sourceId)).toBe(true);
    const revisions = state.integrations.get(pipeline.integrationId)?.revisions ?? [];
    expect(revisions.map((revision) => revision.number)).toContain(pipeline.revision);
    expect(state.enabledPipelinesBySource.get(pipeline.sourceId)?.includes(pipeline) ?? false).toBe(
      pipeline.enabled,
    );
  }
  const pairs = pipelines.map((pipeline) => `${pipeline.sourceId} ${pipeline.integrationId}`);
  expect(new Set(pairs).size).toBe(pairs.length);
}

/** The state in a form that compares by value. */
const plain = (state: ConfigState): object =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => [
      key,
      value instanceof PersistentMap ? [...value].toSorted(([a], [b]) => (a < b ? -1 : 1)) : value,
    ]),
  );
