import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { nameKey } from '../names.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';

export const revokeToken = commandKind('signal.config.RevokeToken', (state, _, { resourceId }) => {
  const token = state.tokens.get(resourceId);
  if (token === undefined)
    return rejected(reject('TOKEN_NOT_FOUND', null, `there is no token ${resourceId}`));
  if (token.revokedAt !== null)
    return rejected(reject('NOTHING_CHANGED', null, `${token.id} is revoked already`));
  return accepted({ 'signal.config.TokenRevoked': { tokenId: token.id } });
});

export const tokenRevoked = eventKind('signal.config.TokenRevoked', 'token.revoked', {
  evolve(state, { tokenId }, meta) {
    const token = state.tokens.get(tokenId);
    if (token === undefined) return state;
    return {
      ...state,
      names: state.names.delete(nameKey('token', token.name)),
      tokens: state.tokens.set(token.id, { ...token, ...changed(meta), revokedAt: meta.time }),
    };
  },
  show: (event) => ({ ...event }),
});
