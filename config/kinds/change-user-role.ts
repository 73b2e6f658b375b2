import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { isRole } from '../resources/user.ts';
import { roleOf, unknownRole, userNotFound, withUser } from '../users.ts';

export const changeUserRole = commandKind(
  'signal.config.ChangeUserRole',
  (state, { role }, { resourceId }) => {
    const user = state.users.get(resourceId);
    if (user === undefined) return rejected(userNotFound(resourceId));
    if (!isRole(role)) return rejected(unknownRole());
    if (user.role === role)
      return rejected(reject('NOTHING_CHANGED', 'role', `${user.id} has the role ${role} already`));
    if (user.role === 'owner')
      return rejected(
        reject('OWNER_REQUIRED', 'role', 'there must be an owner: make another user the owner instead'),
      );
    const change = { 'signal.config.UserRoleChanged': { userId: user.id, role } };
    if (role !== 'owner') return accepted(change);
    if (user.status !== 'active')
      return rejected(
        reject('USER_NOT_ACTIVE', null, `${user.id} is ${user.status} and cannot be the owner`),
      );
    if (state.ownerId === null) return accepted(change);
    const step = { 'signal.config.UserRoleChanged': { userId: state.ownerId, role: 'admin' } };
    return { events: [{ resourceId: state.ownerId, payload: step }, { payload: change }] };
  },
);

export const userRoleChanged = eventKind('signal.config.UserRoleChanged', 'user.role_changed', {
  evolve(state, event, meta) {
    const role = roleOf(event.role);
    const changedState = withUser(state, event.userId, () => ({ ...changed(meta), role }));
    const user = changedState.users.get(event.userId);
    return user?.role === 'owner' ? { ...changedState, ownerId: user.id } : changedState;
  },
  show: (event) => ({ ...event }),
});
