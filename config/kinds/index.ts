// Generated from the files beside it by `npm run generate`. Do not edit.
import type { CommandKind, EventKind } from '../kind.ts';
import type { CommandName, EventName } from '../payload.ts';
import { acceptInvitation, invitationAccepted } from './accept-invitation.ts';
import { changePassword, passwordChanged } from './change-password.ts';
import { changeUserRole, userRoleChanged } from './change-user-role.ts';
import { createPipeline, pipelineCreated } from './create-pipeline.ts';
import { createSource, sourceCreated } from './create-source.ts';
import { createToken, tokenCreated } from './create-token.ts';
import { deleteSource, sourceDeleted } from './delete-source.ts';
import { disableUser, userDisabled } from './disable-user.ts';
import { enableUser, userEnabled } from './enable-user.ts';
import { installIntegration, integrationInstalled } from './install-integration.ts';
import { inviteUser, userInvited } from './invite-user.ts';
import { invitationRenewed, renewInvitation } from './renew-invitation.ts';
import { revokeSourceKey, sourceKeyRevoked } from './revoke-source-key.ts';
import { revokeToken, tokenRevoked } from './revoke-token.ts';
import { rotateSourceKey, sourceKeyRotated } from './rotate-source-key.ts';
import { sourceUpdated, updateSource } from './update-source.ts';

/** Every kind of command. One that the schemas have and no file here decides does not compile. */
export const COMMAND_KINDS: { readonly [K in CommandName]: CommandKind<K> } = {
  'signal.config.AcceptInvitation': acceptInvitation,
  'signal.config.ChangePassword': changePassword,
  'signal.config.ChangeUserRole': changeUserRole,
  'signal.config.CreatePipeline': createPipeline,
  'signal.config.CreateSource': createSource,
  'signal.config.CreateToken': createToken,
  'signal.config.DeleteSource': deleteSource,
  'signal.config.DisableUser': disableUser,
  'signal.config.EnableUser': enableUser,
  'signal.config.InstallIntegration': installIntegration,
  'signal.config.InviteUser': inviteUser,
  'signal.config.RenewInvitation': renewInvitation,
  'signal.config.RevokeSourceKey': revokeSourceKey,
  'signal.config.RevokeToken': revokeToken,
  'signal.config.RotateSourceKey': rotateSourceKey,
  'signal.config.UpdateSource': updateSource,
};

/** Every kind of event, likewise. */
export const EVENT_KINDS: { readonly [K in EventName]: EventKind<K> } = {
  'signal.config.IntegrationInstalled': integrationInstalled,
  'signal.config.InvitationAccepted': invitationAccepted,
  'signal.config.InvitationRenewed': invitationRenewed,
  'signal.config.PasswordChanged': passwordChanged,
  'signal.config.PipelineCreated': pipelineCreated,
  'signal.config.SourceCreated': sourceCreated,
  'signal.config.SourceDeleted': sourceDeleted,
  'signal.config.SourceKeyRevoked': sourceKeyRevoked,
  'signal.config.SourceKeyRotated': sourceKeyRotated,
  'signal.config.SourceUpdated': sourceUpdated,
  'signal.config.TokenCreated': tokenCreated,
  'signal.config.TokenRevoked': tokenRevoked,
  'signal.config.UserDisabled': userDisabled,
  'signal.config.UserEnabled': userEnabled,
  'signal.config.UserInvited': userInvited,
  'signal.config.UserRoleChanged': userRoleChanged,
};
