import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { userNotFound, withUser } from '../users.ts';

export const disableUser = commandKind('signal.config.DisableUser', (state, _, { resourceId }) => {
  const user = state.users.get(resourceId);
  if (user === undefined) return rejected(userNotFound(resourceId));
  if (user.role === 'owner')
    return rejected(
      reject('OWNER_REQUIRED', null, 'the owner cannot be disabled: make another user the owner first'),
    );
  if (user.status === 'disabled')
    return rejected(reject('NOTHING_CHANGED', null, `${user.id} is disabled already`));
  return accepted({ 'signal.config.UserDisabled': { userId: user.id } });
});

export const userDisabled = eventKind('signal.config.UserDisabled', 'user.disabled', {
  evolve: (state, { userId }, meta) =>
    withUser(state, userId, () => ({ ...changed(meta), status: 'disabled' })),
  show: (event) => ({ ...event }),
});
