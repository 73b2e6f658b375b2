import { describe, expect, it } from 'vitest';
import { pipelineKeyOf } from '../resources/source.ts';
import { sourceByPipelineKey } from '../state.ts';
import {
  change,
  createPipeline,
  createSource,
  given,
  installIntegration,
  rejectionOf,
  updateSource,
  when,
} from '../testing/given.ts';

const OLD = 'dk_live_000000000001';
const NEW = 'dk_live_000000000002';
const NEWER = 'dk_live_000000000003';

const shop = createSource('src_a', { name: 'Shop', pipelineKey: OLD });
const other = createSource('src_b', { name: 'Other' });
const update = (fields: { name?: string; rateLimitRps?: number }, id = 'src_a') => updateSource(id, fields);
const rotate = (pipelineKey: string, id = 'src_a') =>
  change(id, { 'signal.config.RotateSourceKey': { pipelineKey } });
const revoke = (pipelineKey: string, id = 'src_a') =>
  change(id, { 'signal.config.RevokeSourceKey': { pipelineKey } });
const remove = (id = 'src_a') => change(id, { 'signal.config.DeleteSource': {} });

describe('updating a source', () => {
  it('changes what is given and leaves the rest', () => {
    const { state } = given(shop, update({ rateLimitRps: 50 }), update({ name: 'Store' }));
    expect(state.sources.get('src_a')).toMatchObject({ name: 'Store', rateLimitRps: 50, version: 3 });
    expect(when(state, createSource('src_b', { name: 'Shop' }))).toHaveProperty('events');
    expect(rejectionOf(state, createSource('src_b', { name: 'store' })).code).toBe('NAME_TAKEN');
  });

  it('may change the case of the name, and take the limit away', () => {
    const { state } = given(shop, update({ rateLimitRps: 50 }), update({ name: 'SHOP', rateLimitRps: 0 }));
    expect(state.sources.get('src_a')).toMatchObject({ name: 'SHOP', rateLimitRps: null });
  });

  it.each([
    ['a name that is taken', update({ name: 'OTHER' }), 'NAME_TAKEN'],
    ['no name', update({ name: '' }), 'INVALID_NAME'],
    ['a limit below zero', update({ rateLimitRps: -1 }), 'INVALID_RATE_LIMIT'],
    ['a limit beyond reason', update({ rateLimitRps: 1_000_001 }), 'INVALID_RATE_LIMIT'],
    ['what is so already', update({ name: 'Shop' }), 'NOTHING_CHANGED'],
    ['a source there is not', update({ name: 'X' }, 'src_x'), 'SOURCE_NOT_FOUND'],
  ])('refuses %s', (_, options, code) => {
    expect(rejectionOf(given(shop, other).state, options).code).toBe(code);
  });
});

describe('rotating the key of a source', () => {
  it('leaves both keys alive until the old one is revoked', () => {
    const { state: during } = given(shop, rotate(NEW));
    expect([OLD, NEW].map((key) => sourceByPipelineKey(during, key)?.id)).toEqual(['src_a', 'src_a']);
    expect(pipelineKeyOf(during.sources.get('src_a')!)).toBe(NEW);
    const { state: after } = given(shop, rotate(NEW), revoke(OLD));
    expect([OLD, NEW].map((key) => sourceByPipelineKey(after, key)?.id)).toEqual([undefined, 'src_a']);
    expect(when(after, rotate(NEWER))).toHaveProperty('events');
  });

  it('may be taken back: the new key is the one revoked', () => {
    const { state } = given(shop, rotate(NEW), revoke(NEW));
    expect(pipelineKeyOf(state.sources.get('src_a')!)).toBe(OLD);
  });

  it.each([
    ['a third key', rotate(NEWER), 'KEY_ROTATION_UNFINISHED'],
    ['a key of another form', rotate('x', 'src_b'), 'INVALID_PIPELINE_KEY'],
    ['the key of another source', rotate(OLD, 'src_b'), 'PIPELINE_KEY_TAKEN'],
    ['to revoke a key there is not', revoke(NEWER), 'UNKNOWN_PIPELINE_KEY'],
    ['to revoke the key of another source', revoke(OLD, 'src_b'), 'UNKNOWN_PIPELINE_KEY'],
    ['to revoke the last key', revoke('dk_live_0000000src_b', 'src_b'), 'LAST_KEY'],
    ['a source there is not', rotate(NEWER, 'src_x'), 'SOURCE_NOT_FOUND'],
  ])('refuses %s', (_, options, code) => {
    expect(rejectionOf(given(shop, other, rotate(NEW)).state, options).code).toBe(code);
  });

  it('never gives a revoked key to anybody', () => {
    const { state } = given(shop, other, rotate(NEW), revoke(OLD));
    expect(rejectionOf(state, rotate(OLD)).code).toBe('PIPELINE_KEY_TAKEN');
    expect(rejectionOf(state, rotate(OLD, 'src_b')).code).toBe('PIPELINE_KEY_TAKEN');
  });
});

describe('deleting a source', () => {
  it('ends its keys and frees its name, but neither its id nor its keys', () => {
    const { state } = given(shop, remove());
    expect(sourceByPipelineKey(state, OLD)).toBeUndefined();
    expect(when(state, createSource('src_b', { name: 'Shop' }))).toHaveProperty('events');
    expect(rejectionOf(state, createSource('src_a')).code).toBe('ID_TAKEN');
    expect(rejectionOf(state, createSource('src_b', { pipelineKey: OLD })).code).toBe('PIPELINE_KEY_TAKEN');
    expect(rejectionOf(state, remove()).code).toBe('SOURCE_NOT_FOUND');
  });

  it('is refused while pipelines use it, enabled or not, and says which', () => {
    const pair = { sourceId: 'src_a', integrationId: 'int_a' };
    const { state } = given(
      shop,
      installIntegration('int_a'),
      createPipeline('pip_a', { ...pair, enabled: false }),
    );
    expect(rejectionOf(state, remove())).toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('pip_a'),
    });
  });
});
