import { describe, expect, it } from 'vitest';
import { enabledPipelinesOf } from '../state.ts';
import { createPipeline, createSource, given, installIntegration, rejectionOf } from '../testing/given.ts';

const HOUSE = [
  createSource('src_a'),
  createSource('src_b'),
  installIntegration('int_a'),
  installIntegration('int_b'),
] as const;

describe('creating a pipeline', () => {
  it("pins the integration's latest revision unless one is named", () => {
    const { state } = given(
      ...HOUSE,
      createPipeline('pip_a', { sourceId: 'src_a', integrationId: 'int_a' }),
      createPipeline('pip_b', { sourceId: 'src_a', integrationId: 'int_b', revision: 1 }),
    );
    expect(enabledPipelinesOf(state, 'src_a')).toMatchObject([
      { id: 'pip_a', integrationId: 'int_a', revision: 1 },
      { id: 'pip_b', integrationId: 'int_b', revision: 1 },
    ]);
    expect(enabledPipelinesOf(state, 'src_b')).toEqual([]);
  });

  it('is not among the enabled ones when it is not enabled', () => {
    const { state } = given(
      ...HOUSE,
      createPipeline('pip_a', { sourceId: 'src_a', integrationId: 'int_a', enabled: false }),
    );
    expect(enabledPipelinesOf(state, 'src_a')).toEqual([]);
    expect(state.pipelines.get('pip_a')).toMatchObject({ enabled: false });
  });

  it.each([
    ['a source there is not', { sourceId: 'src_x', integrationId: 'int_a' }, 'UNKNOWN_SOURCE', 'sourceId'],
    [
      'an integration there is not',
      { sourceId: 'src_a', integrationId: 'int_x' },
      'UNKNOWN_INTEGRATION',
      'integrationId',
    ],
    [
      'a revision there is not',
      { sourceId: 'src_a', integrationId: 'int_a', revision: 2 },
      'UNKNOWN_REVISION',
      'revision',
    ],
  ])('refuses %s', (_, fields, code, field) => {
    expect(rejectionOf(given(...HOUSE).state, createPipeline('pip_a', fields))).toMatchObject({
      code,
      field,
    });
  });

  it('refuses a second one between the same source and integration, even when the first is not enabled', () => {
    const pair = { sourceId: 'src_a', integrationId: 'int_a' };
    const { state } = given(...HOUSE, createPipeline('pip_a', { ...pair, enabled: false }));
    expect(rejectionOf(state, createPipeline('pip_b', pair))).toMatchObject({
      code: 'PIPELINE_EXISTS',
      message: expect.stringContaining('pip_a'),
    });
  });
});
