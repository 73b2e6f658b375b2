// Generated from the files beside it by `npm run generate`. Do not edit.
import type { CommandKind, EventKind } from '../kind.ts';
import type { CommandName, EventName } from '../payload.ts';
import { acceptInvitation, invitationAccepted } from './accept-invitation.ts';
import { addSigningSecret, signingSecretAdded } from './add-signing-secret.ts';
import { applyChanges } from './apply-changes.ts';
import { approveRevision, revisionApproved } from './approve-revision.ts';
import { changePassword, passwordChanged } from './change-password.ts';
import { changeUserRole, userRoleChanged } from './change-user-role.ts';
import { createPipeline, pipelineCreated } from './create-pipeline.ts';
import { createSource, sourceCreated } from './create-source.ts';
import { createToken, tokenCreated } from './create-token.ts';
import { deleteIntegration, integrationDeleted } from './delete-integration.ts';
import { deletePipeline, pipelineDeleted } from './delete-pipeline.ts';
import { deleteSource, sourceDeleted } from './delete-source.ts';
import { disablePipeline, pipelineDisabled } from './disable-pipeline.ts';
import { disableUser, userDisabled } from './disable-user.ts';
import { draftRevision, revisionDrafted } from './draft-revision.ts';
import { enablePipeline, pipelineEnabled } from './enable-pipeline.ts';
import { enableUser, userEnabled } from './enable-user.ts';
import { installIntegration, integrationInstalled } from './install-integration.ts';
import { inviteUser, userInvited } from './invite-user.ts';
import { integrationPaused, pauseIntegration } from './pause-integration.ts';
import { pinRevision, revisionPinned } from './pin-revision.ts';
import { publishRevision, revisionPublished } from './publish-revision.ts';
import { invitationRenewed, renewInvitation } from './renew-invitation.ts';
import { integrationResumed, resumeIntegration } from './resume-integration.ts';
import { revokeSigningSecret, signingSecretRevoked } from './revoke-signing-secret.ts';
import { revokeSourceKey, sourceKeyRevoked } from './revoke-source-key.ts';
import { revokeToken, tokenRevoked } from './revoke-token.ts';
import { pipelineRolledBack, rollBackPipeline } from './roll-back-pipeline.ts';
import { credentialsRotated, rotateCredentials } from './rotate-credentials.ts';
import { rotateSourceKey, sourceKeyRotated } from './rotate-source-key.ts';
import { revisionSubmitted, submitRevision } from './submit-revision.ts';
import { consentUpdated, updateConsent } from './update-consent.ts';
import { integrationUpdated, updateIntegration } from './update-integration.ts';
import { updatePipeline } from './update-pipeline.ts';
import { settingsUpdated, updateSettings } from './update-settings.ts';
import { sourceUpdated, updateSource } from './update-source.ts';

/** Every kind of command. One that the schemas have and no file here decides does not compile. */
export const COMMAND_KINDS: { readonly [K in CommandName]: CommandKind<K> } = {
  'signal.config.AcceptInvitation': acceptInvitation,
  'signal.config.AddSigningSecret': addSigningSecret,
  'signal.config.ApplyChanges': applyChanges,
  'signal.config.ApproveRevision': approveRevision,
  'signal.config.ChangePassword': changePassword,
  'signal.config.ChangeUserRole': changeUserRole,
  'signal.config.CreatePipeline': createPipeline,
  'signal.config.CreateSource': createSource,
  'signal.config.CreateToken': createToken,
  'signal.config.DeleteIntegration': deleteIntegration,
  'signal.config.DeletePipeline': deletePipeline,
  'signal.config.DeleteSource': deleteSource,
  'signal.config.DisablePipeline': disablePipeline,
  'signal.config.DisableUser': disableUser,
  'signal.config.DraftRevision': draftRevision,
  'signal.config.EnablePipeline': enablePipeline,
  'signal.config.EnableUser': enableUser,
  'signal.config.InstallIntegration': installIntegration,
  'signal.config.InviteUser': inviteUser,
  'signal.config.PauseIntegration': pauseIntegration,
  'signal.config.PinRevision': pinRevision,
  'signal.config.PublishRevision': publishRevision,
  'signal.config.RenewInvitation': renewInvitation,
  'signal.config.ResumeIntegration': resumeIntegration,
  'signal.config.RevokeSigningSecret': revokeSigningSecret,
  'signal.config.RevokeSourceKey': revokeSourceKey,
  'signal.config.RevokeToken': revokeToken,
  'signal.config.RollBackPipeline': rollBackPipeline,
  'signal.config.RotateCredentials': rotateCredentials,
  'signal.config.RotateSourceKey': rotateSourceKey,
  'signal.config.SubmitRevision': submitRevision,
  'signal.config.UpdateConsent': updateConsent,
  'signal.config.UpdateIntegration': updateIntegration,
  'signal.config.UpdatePipeline': updatePipeline,
  'signal.config.UpdateSettings': updateSettings,
  'signal.config.UpdateSource': updateSource,
};

/** Every kind of event, likewise. */
export const EVENT_KINDS: { readonly [K in EventName]: EventKind<K> } = {
  'signal.config.ConsentUpdated': consentUpdated,
  'signal.config.CredentialsRotated': credentialsRotated,
  'signal.config.IntegrationDeleted': integrationDeleted,
  'signal.config.IntegrationInstalled': integrationInstalled,
  'signal.config.IntegrationPaused': integrationPaused,
  'signal.config.IntegrationResumed': integrationResumed,
  'signal.config.IntegrationUpdated': integrationUpdated,
  'signal.config.InvitationAccepted': invitationAccepted,
  'signal.config.InvitationRenewed': invitationRenewed,
  'signal.config.PasswordChanged': passwordChanged,
  'signal.config.PipelineCreated': pipelineCreated,
  'signal.config.PipelineDeleted': pipelineDeleted,
  'signal.config.PipelineDisabled': pipelineDisabled,
  'signal.config.PipelineEnabled': pipelineEnabled,
  'signal.config.PipelineRolledBack': pipelineRolledBack,
  'signal.config.RevisionApproved': revisionApproved,
  'signal.config.RevisionDrafted': revisionDrafted,
  'signal.config.RevisionPinned': revisionPinned,
  'signal.config.RevisionPublished': revisionPublished,
  'signal.config.RevisionSubmitted': revisionSubmitted,
  'signal.config.SettingsUpdated': settingsUpdated,
  'signal.config.SigningSecretAdded': signingSecretAdded,
  'signal.config.SigningSecretRevoked': signingSecretRevoked,
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
