import { describe, expect, it } from 'vitest';
import { showEvent } from '../evolve.ts';
import { tokenByHash } from '../state.ts';
import { createToken, given, rejectionOf } from '../testing/given.ts';

const HASH = '0f'.repeat(32);

describe('creating a token', () => {
  it('makes it findable by its hash, which is never shown', () => {
    const { state, events } = given(createToken('tok_a', { tokenHash: HASH, expiresAt: 1_800_000_000_000 }));
    expect(tokenByHash(state, HASH)).toMatchObject({
      id: 'tok_a',
      scopes: ['admin'],
      expiresAt: 1_800_000_000_000,
    });
    expect(JSON.stringify(showEvent(events[0]!))).not.toContain(HASH);
  });

  it.each([
    ['a hash that is none', { tokenHash: 'secret' }, 'INVALID_TOKEN_HASH', 'tokenHash'],
    ['no scope', { scopes: [] }, 'UNKNOWN_SCOPE', 'scopes'],
    ['a scope there is not', { scopes: ['admin', 'god'] }, 'UNKNOWN_SCOPE', 'scopes'],
    ['the scope of an owner', { scopes: ['owner'] }, 'UNKNOWN_SCOPE', 'scopes'],
    ['an expiry in the past', { expiresAt: 1_600_000_000_000 }, 'INVALID_EXPIRY', 'expiresAt'],
  ])('refuses %s', (_, fields, code, field) => {
    expect(rejectionOf(given().state, createToken('tok_a', fields))).toMatchObject({ code, field });
  });

  it('takes roles and single permissions as scopes', () => {
    const scopes = ['auditor', 'events:read', 'access-log:read'];
    expect(given(createToken('tok_a', { scopes })).state.tokens.get('tok_a')?.scopes).toEqual(scopes);
  });

  it('refuses a token that exists', () => {
    const { state } = given(createToken('tok_a', { tokenHash: HASH }));
    expect(rejectionOf(state, createToken('tok_b', { tokenHash: HASH })).code).toBe('TOKEN_TAKEN');
  });
});
