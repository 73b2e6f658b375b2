import { describe, expect, it } from 'vitest';
import { DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
import { sourceByPipelineKey } from '../state.ts';
import { command, createSource, given, rejectionOf, SOMEONE, when } from '../testing/given.ts';

const KEY = 'dk_live_0123456789abcdef';

describe('creating a source', () => {
  it('makes one event that says who, when, why and what', () => {
    const { state } = given();
    const decision = when(state, {
      ...createSource('src_a', { name: 'Shop', pipelineKey: KEY }),
      reason: 'launch',
    });
    expect(decision).toEqual({
      events: [
        {
          sequence: 1,
          commandId: 'cmd-src_a',
          resourceId: 'src_a',
          resourceVersion: 1,
          time: 1_700_000_000_000,
          actor: SOMEONE,
          reason: 'launch',
          payload: {
            'signal.config.SourceCreated': {
              sourceId: 'src_a',
              name: 'Shop',
              type: 'web',
              pipelineKey: KEY,
              ...DEFAULT_SOURCE_SETTINGS,
            },
          },
        },
      ],
    });
  });

  it('makes the source findable by its id and by its pipeline key', () => {
    const { state } = given(createSource('src_a', { name: 'Shop', pipelineKey: KEY }));
    const source = sourceByPipelineKey(state, KEY);
    expect(source).toMatchObject({ id: 'src_a', name: 'Shop', type: 'web', version: 1, createdIn: 1 });
    expect(sourceByPipelineKey(state, 'dk_live_other')).toBeUndefined();
    expect(sourceByPipelineKey(state, '__proto__')).toBeUndefined();
  });

  it.each([
    ['an id without its prefix', createSource('shop'), 'INVALID_ID', 'resourceId'],
    ['an id that is no part of a topic name', createSource('src_a/b'), 'INVALID_ID', 'resourceId'],
    ['an empty name', createSource('src_b', { name: '' }), 'INVALID_NAME', 'name'],
    ['a name with a space at its end', createSource('src_b', { name: 'Shop ' }), 'INVALID_NAME', 'name'],
    ['a name with a zero-width space', createSource('src_b', { name: 'Sh\u200bop' }), 'INVALID_NAME', 'name'],
    ['a name too long', createSource('src_b', { name: 'x'.repeat(201) }), 'INVALID_NAME', 'name'],
    ['a type there is not', createSource('src_b', { type: 'toaster' }), 'INVALID_SOURCE_TYPE', 'type'],
    [
      'a key of another form',
      createSource('src_b', { pipelineKey: 'x' }),
      'INVALID_PIPELINE_KEY',
      'pipelineKey',
    ],
  ])('refuses %s', (_, options, code, field) => {
    expect(rejectionOf(given().state, options)).toMatchObject({ code, field });
  });

  it.each([
    ['id', createSource('src_a'), 'ID_TAKEN'],
    ['name', createSource('src_b', { name: 'Shop' }), 'NAME_TAKEN'],
    ['name in another case', createSource('src_b', { name: 'sHOP' }), 'NAME_TAKEN'],
    ['name in another Unicode form', createSource('src_b', { name: 'Ｓhop' }), 'NAME_TAKEN'],
    ['pipeline key', createSource('src_b', { pipelineKey: KEY }), 'PIPELINE_KEY_TAKEN'],
  ])('refuses a %s that another source has', (_, options, code) => {
    const { state } = given(createSource('src_a', { name: 'Shop', pipelineKey: KEY }));
    expect(rejectionOf(state, options).code).toBe(code);
  });

  it('refuses a command that saw another version of the resource', () => {
    const { state } = given(createSource('src_a'));
    expect(rejectionOf(state, { ...createSource('src_a'), expectedVersion: 2 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      message: expect.stringContaining('version 1'),
    });
    expect(when(state, { ...createSource('src_b'), expectedVersion: 0 })).toHaveProperty('events');
  });

  it('leaves the command as it was', () => {
    const before = command(createSource('src_a'));
    when(given().state, createSource('src_a'));
    expect(command(createSource('src_a'))).toEqual(before);
  });
});
