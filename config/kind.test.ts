import { describe, expect, it } from 'vitest';
import type { EventKind } from './kind.ts';
import { olderEventKind } from './kind.ts';
import { sourceUpdated } from './kinds/update-source.ts';
import type { EventMeta } from './resources/resource.ts';
import { UNCHANGED_SETTINGS } from './source-settings.ts';
import { createSource, given, SOMEONE } from './testing/given.ts';

/** As if a rename had had an event of its own once, under the schema that `SourceDeleted` has. */
const sourceRenamed: EventKind<'signal.config.SourceDeleted'> = olderEventKind(
  'signal.config.SourceDeleted',
  sourceUpdated,
  ({ sourceId }) => ({ sourceId, name: 'Renamed', rateLimitRps: null, ...UNCHANGED_SETTINGS }),
);

const META: EventMeta = {
  sequence: 2,
  commandId: 'c',
  resourceId: 'src_a',
  resourceVersion: 2,
  time: 5,
  actor: SOMEONE,
  reason: null,
};

describe('an older kind of event', () => {
  it('changes the state as the kind in its place does', () => {
    const { state } = given(createSource('src_a'));
    const after = sourceRenamed.evolve(state, { sourceId: 'src_a' }, META);
    expect(after.sources.get('src_a')).toMatchObject({ name: 'Renamed', version: 2 });
  });

  it('is shown as the kind in its place', () => {
    expect(sourceRenamed.label).toBe('source.updated');
    expect(sourceRenamed.show({ sourceId: 'src_a' })).toEqual({
      sourceId: 'src_a',
      name: 'Renamed',
      rateLimitRps: null,
      ...UNCHANGED_SETTINGS,
    });
  });

  it('may be succeeded by a kind that was succeeded itself', () => {
    const oldest = olderEventKind('signal.config.SourceKeyRevoked', sourceRenamed, ({ sourceId }) => ({
      sourceId,
    }));
    const { state } = given(createSource('src_a'));
    const event = { sourceId: 'src_a', pipelineKey: 'dk_live_x' };
    expect(oldest.evolve(state, event, META).sources.get('src_a')?.name).toBe('Renamed');
  });
});
