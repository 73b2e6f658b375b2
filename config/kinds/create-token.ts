import { newIdFault } from '../creation.ts';
import { tokenId } from '../ids.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameFault, nameKey } from '../names.ts';
import { type Rejection, reject } from '../rejections.ts';
import { created } from '../resources/resource.ts';
import { isTokenScope } from '../resources/token.ts';
import type { ConfigState } from '../state.ts';

const SHA_256_HEX = /^[0-9a-f]{64}$/;

export const createToken = commandKind('signal.config.CreateToken', (state, command, meta) => {
  const fault =
    newIdFault(state, tokenId, meta.resourceId) ??
    nameFault(state, 'token', command.name) ??
    hashFault(state, command.tokenHash) ??
    scopesFault(command.scopes);
  if (fault !== undefined) return rejected(fault);
  if (command.expiresAt !== null && command.expiresAt <= meta.time)
    return rejected(reject('INVALID_EXPIRY', 'expiresAt', 'the token would have expired already'));
  return accepted({ 'signal.config.TokenCreated': { tokenId: meta.resourceId, ...command } });
});

export const tokenCreated = eventKind('signal.config.TokenCreated', 'token.created', {
  evolve(state, event, meta) {
    const id = tokenId.of(event.tokenId);
    const { name, tokenHash: hash, scopes, expiresAt } = event;
    return {
      ...state,
      names: state.names.set(nameKey('token', name), id),
      tokens: state.tokens.set(id, { ...created(meta), id, name, hash, scopes, expiresAt, revokedAt: null }),
      tokenIdByHash: state.tokenIdByHash.set(hash, id),
    };
  },
  show: ({ tokenId, name, scopes, expiresAt }) => ({ tokenId, name, scopes: [...scopes], expiresAt }),
});

function hashFault(state: ConfigState, hash: string): Rejection | undefined {
  if (!SHA_256_HEX.test(hash))
    return reject('INVALID_TOKEN_HASH', 'tokenHash', 'the hash must be 64 hexadecimal digits (SHA-256)');
  return state.tokenIdByHash.has(hash)
    ? reject('TOKEN_TAKEN', 'tokenHash', 'this token exists already')
    : undefined;
}

function scopesFault(scopes: readonly string[]): Rejection | undefined {
  return scopes.length > 0 && scopes.every(isTokenScope)
    ? undefined
    : reject(
        'UNKNOWN_SCOPE',
        'scopes',
        'name at least one scope: a role (admin, editor, viewer, auditor) or a permission (sources:read)',
      );
}
