import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { passwordFault, userNotFound, withUser } from '../users.ts';

export const changePassword = commandKind(
  'signal.config.ChangePassword',
  (state, { passwordHash }, { resourceId }) => {
    const user = state.users.get(resourceId);
    if (user === undefined) return rejected(userNotFound(resourceId));
    if (user.status !== 'active')
      return rejected(reject('USER_NOT_ACTIVE', null, `${user.id} is ${user.status}`));
    const fault = passwordFault(passwordHash);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.PasswordChanged': { userId: user.id, passwordHash } });
  },
  'unneeded',
);

export const passwordChanged = eventKind('signal.config.PasswordChanged', 'user.password_changed', {
  evolve: (state, { userId, passwordHash }, meta) =>
    withUser(state, userId, () => ({ ...changed(meta), passwordHash })),
  show: ({ userId }) => ({ userId }),
});
