import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { passwordFault, userNotFound, withUser } from '../users.ts';

export const acceptInvitation = commandKind(
  'signal.config.AcceptInvitation',
  (state, command, meta) => {
    const { invitationHash, passwordHash } = command;
    const user = state.users.get(meta.resourceId);
    if (user === undefined) return rejected(userNotFound(meta.resourceId));
    if (user.status !== 'invited' || user.invitation === null)
      return rejected(reject('INVITATION_CLOSED', null, 'the invitation was accepted or withdrawn'));
    if (invitationHash !== null && invitationHash !== user.invitation.hash)
      return rejected(reject('INVALID_INVITATION', 'invitationHash', 'this is not the latest invitation'));
    if (invitationHash !== null && user.invitation.expiresAt <= meta.time)
      return rejected(reject('INVITATION_CLOSED', null, 'the invitation has expired; ask for another one'));
    const fault = passwordFault(passwordHash);
    if (fault !== undefined) return rejected(fault);
    return accepted({ 'signal.config.InvitationAccepted': { userId: user.id, passwordHash } });
  },
  'unneeded',
);

export const invitationAccepted = eventKind('signal.config.InvitationAccepted', 'user.invitation_accepted', {
  evolve: (state, { userId, passwordHash }, meta) =>
    withUser(state, userId, () => ({ ...changed(meta), status: 'active', invitation: null, passwordHash })),
  show: ({ userId, passwordHash }) => ({ userId, withPassword: passwordHash !== null }),
});
