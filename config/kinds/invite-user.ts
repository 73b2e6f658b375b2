import { newIdFault } from '../creation.ts';
import { userId } from '../ids.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { formFault, nameKey } from '../names.ts';
import { reject } from '../rejections.ts';
import { created } from '../resources/resource.ts';
import { isRole } from '../resources/user.ts';
import { addressFault, roleOf, unknownRole } from '../users.ts';

export const inviteUser = commandKind('signal.config.InviteUser', (state, command, meta) => {
  const { name, role } = command;
  const fault =
    newIdFault(state, userId, meta.resourceId) ?? formFault(name) ?? addressFault(state, command, meta.time);
  if (fault !== undefined) return rejected(fault);
  if (!isRole(role)) return rejected(unknownRole());
  if ((role === 'owner') !== (state.ownerId === null))
    return rejected(
      role === 'owner'
        ? reject('OWNER_REQUIRED', 'role', `${state.ownerId} is the owner, and there is only one`)
        : reject('OWNER_REQUIRED', 'role', 'the first user must be the owner'),
    );
  return accepted({ 'signal.config.UserInvited': { userId: meta.resourceId, ...command } });
});

export const userInvited = eventKind('signal.config.UserInvited', 'user.invited', {
  evolve(state, event, meta) {
    const id = userId.of(event.userId);
    const { email, name } = event;
    const role = roleOf(event.role);
    const invitation = { hash: event.invitationHash, expiresAt: event.invitationExpiresAt };
    return {
      ...state,
      names: state.names.set(nameKey('email', email), id),
      users: state.users.set(id, {
        ...created(meta),
        id,
        email,
        name,
        role,
        status: 'invited',
        invitation,
        passwordHash: null,
      }),
      ownerId: role === 'owner' ? id : state.ownerId,
    };
  },
  show: ({ invitationHash: _, ...event }) => event,
});
