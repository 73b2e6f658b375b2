import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { userNotFound, withUser } from '../users.ts';

export const enableUser = commandKind('signal.config.EnableUser', (state, _, { resourceId }) => {
  const user = state.users.get(resourceId);
  if (user === undefined) return rejected(userNotFound(resourceId));
  if (user.status !== 'disabled')
    return rejected(reject('NOTHING_CHANGED', null, `${user.id} is not disabled`));
  return accepted({ 'signal.config.UserEnabled': { userId: user.id } });
});

export const userEnabled = eventKind('signal.config.UserEnabled', 'user.enabled', {
  evolve: (state, { userId }, meta) =>
    withUser(state, userId, ({ invitation }) => ({
      ...changed(meta),
      status: invitation === null ? 'active' : 'invited',
    })),
  show: (event) => ({ ...event }),
});
