import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { renamed } from '../names.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { addressFault, userNotFound, withUser } from '../users.ts';

export const renewInvitation = commandKind('signal.config.RenewInvitation', (state, command, meta) => {
  const user = state.users.get(meta.resourceId);
  if (user === undefined) return rejected(userNotFound(meta.resourceId));
  if (user.status !== 'invited')
    return rejected(reject('INVITATION_CLOSED', null, `${user.id} is ${user.status}, not invited`));
  const fault = addressFault(state, command, meta.time, user.id);
  if (fault !== undefined) return rejected(fault);
  return accepted({ 'signal.config.InvitationRenewed': { userId: user.id, ...command } });
});

export const invitationRenewed = eventKind('signal.config.InvitationRenewed', 'user.invitation_renewed', {
  evolve(state, event, meta) {
    const { userId, email } = event;
    const user = state.users.get(userId);
    if (user === undefined) return state;
    const names = renamed(state.names, 'email', { id: user.id, name: user.email }, email);
    const invitation = { hash: event.invitationHash, expiresAt: event.invitationExpiresAt };
    return withUser({ ...state, names }, userId, () => ({ ...changed(meta), email, invitation }));
  },
  show: ({ invitationHash: _, ...event }) => event,
});
