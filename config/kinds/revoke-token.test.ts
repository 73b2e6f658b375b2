import { expect, it } from 'vitest';
import { tokenByHash } from '../state.ts';
import { change, createToken, given, rejectionOf, when } from '../testing/given.ts';

const HASH = '0f'.repeat(32);
const revoke = change('tok_a', { 'signal.config.RevokeToken': {} });
const { state } = given(createToken('tok_a', { name: 'CI', tokenHash: HASH }), revoke);

it('a revoked token is no longer found, but still told of', () => {
  expect(tokenByHash(state, HASH)).toBeUndefined();
  expect(state.tokens.get('tok_a')).toMatchObject({ name: 'CI', revokedAt: 1_700_000_000_000, version: 2 });
});

it('a revoked token never comes back, though its name may', () => {
  expect(rejectionOf(state, createToken('tok_b', { tokenHash: HASH })).code).toBe('TOKEN_TAKEN');
  expect(when(state, createToken('tok_b', { name: 'CI' }))).toHaveProperty('events');
});

it('a token is revoked once, and only if it is there', () => {
  expect(rejectionOf(state, revoke).code).toBe('NOTHING_CHANGED');
  expect(rejectionOf(given().state, revoke).code).toBe('TOKEN_NOT_FOUND');
});
