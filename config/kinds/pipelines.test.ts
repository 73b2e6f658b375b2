import { describe, expect, it } from 'vitest';
import { showEvent } from '../evolve.ts';
import { type ConfigState, enabledPipelinesOf, pipelinesOf } from '../state.ts';
import {
  change,
  createPipeline,
  createSource,
  given,
  installIntegration,
  rejectionOf,
  when,
} from '../testing/given.ts';

const draft = change('int_a', {
  'signal.config.UpdateIntegration': {
    name: null,
    consentCategories: null,
    variant: 'retail',
    settings: null,
  },
});
const publish = (revision: number) => change('int_a', { 'signal.config.PublishRevision': { revision } });
/** Revisions 1 to 3 are published, 4 is a draft. */
const HOUSE = [
  createSource('src_a'),
  installIntegration('int_a'),
  installIntegration('int_b'),
  createPipeline('pip_a', { sourceId: 'src_a', integrationId: 'int_a' }),
  createPipeline('pip_b', { sourceId: 'src_a', integrationId: 'int_b' }),
  draft,
  draft,
  publish(2),
  publish(3),
  change('int_a', {
    'signal.config.UpdateIntegration': {
      name: null,
      consentCategories: null,
      variant: 'default',
      settings: null,
    },
  }),
] as const;

const enable = change('pip_a', { 'signal.config.EnablePipeline': {} });
const disable = change('pip_a', { 'signal.config.DisablePipeline': {} });
const pin = (revision: number | null, id = 'pip_a') =>
  change(id, { 'signal.config.PinRevision': { revision } });
const rollBack = change('pip_a', { 'signal.config.RollBackPipeline': {} });
const remove = change('pip_a', { 'signal.config.DeletePipeline': {} });
const update = (enabled: boolean | null, revision: number | null) =>
  change('pip_a', { 'signal.config.UpdatePipeline': { enabled, revision } });

const enabledIds = (state: ConfigState) => enabledPipelinesOf(state, 'src_a').map(({ id }) => id);
const pinned = (state: ConfigState) => state.pipelines.get('pip_a')?.revision;

it('a pipeline is disabled and enabled, each once, and keeps its place', () => {
  const off = given(...HOUSE, disable).state;
  expect(enabledIds(off)).toEqual(['pip_b']);
  expect(rejectionOf(off, disable).code).toBe('NOTHING_CHANGED');
  const on = given(...HOUSE, disable, enable).state;
  expect(enabledIds(on)).toEqual(['pip_a', 'pip_b']);
  expect(rejectionOf(on, enable).code).toBe('NOTHING_CHANGED');
});

describe('pinning a revision', () => {
  it('maps with it from then on: the one named, or the latest published', () => {
    expect(pinned(given(...HOUSE, pin(2)).state)).toBe(2);
    expect(pinned(given(...HOUSE, pin(null)).state)).toBe(3);
    expect(enabledPipelinesOf(given(...HOUSE, pin(2)).state, 'src_a')[0]?.revision).toBe(2);
  });

  it.each([
    ['that is a draft', pin(4), 'NOT_PUBLISHED'],
    ['that there is not', pin(5), 'UNKNOWN_REVISION'],
    ['that is pinned already', pin(1), 'NOTHING_CHANGED'],
    ['for a pipeline there is not', pin(1, 'pip_x'), 'PIPELINE_NOT_FOUND'],
    [
      'that is a draft, of a new pipeline',
      createPipeline('pip_c', { sourceId: 'src_a', integrationId: 'int_a', revision: 4 }),
      'NOT_PUBLISHED',
    ],
  ])('is refused with one %s', (_, options, code) => {
    expect(rejectionOf(given(...HOUSE).state, options).code).toBe(code);
  });
});

describe('rolling back', () => {
  it('returns to what was pinned before, step by step', () => {
    expect(pinned(given(...HOUSE, pin(3), pin(2), rollBack).state)).toBe(3);
    const { state } = given(...HOUSE, pin(3), pin(2), rollBack, rollBack);
    expect(pinned(state)).toBe(1);
    expect(rejectionOf(state, rollBack).code).toBe('NOTHING_TO_ROLL_BACK');
  });
});

describe('updating a pipeline', () => {
  it('is several changes at once', () => {
    const { state, events } = given(...HOUSE, update(false, 3));
    expect(state.pipelines.get('pip_a')).toMatchObject({ enabled: false, revision: 3, version: 3 });
    expect(events.slice(-2).map((event) => showEvent(event).label)).toEqual([
      'pipeline.revision_pinned',
      'pipeline.disabled',
    ]);
  });

  it('is refused whole where one of them cannot be', () => {
    expect(rejectionOf(given(...HOUSE).state, update(false, 4)).code).toBe('NOT_PUBLISHED');
    expect(rejectionOf(given(...HOUSE).state, update(true, 1)).code).toBe('NOTHING_CHANGED');
    expect(rejectionOf(given(...HOUSE).state, update(null, null)).code).toBe('NOTHING_CHANGED');
  });
});

it('a deleted pipeline is gone, and its source and integration may go or be connected again', () => {
  const { state } = given(...HOUSE, remove);
  expect(pipelinesOf(state, 'src_a').map(({ id }) => id)).toEqual(['pip_b']);
  expect(enabledIds(state)).toEqual(['pip_b']);
  expect(rejectionOf(state, remove).code).toBe('PIPELINE_NOT_FOUND');
  expect(when(state, change('int_a', { 'signal.config.DeleteIntegration': {} }))).toHaveProperty('events');
  const again = createPipeline('pip_c', { sourceId: 'src_a', integrationId: 'int_a' });
  expect(when(state, again)).toHaveProperty('events');
});
