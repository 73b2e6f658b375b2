// Generated from schemas/avro by `npm run generate`. Do not edit.
import type { AvroRecordSchema } from './avro.ts';
import { CAMPAIGN_SCHEMA } from './Campaign.ts';
import { CONSENT_SCHEMA } from './Consent.ts';
import { CONTEXT_SCHEMA } from './Context.ts';
import { DEAD_LETTER_SCHEMA } from './DeadLetter.ts';
import { DELIVERY_BATCH_SCHEMA } from './DeliveryBatch.ts';
import { DELIVERY_REQUEST_SCHEMA } from './DeliveryRequest.ts';
import { DELIVERY_RESULT_SCHEMA } from './DeliveryResult.ts';
import { ENRICHED_EVENT_SCHEMA } from './EnrichedEvent.ts';
import { EVENT_SCHEMA } from './Event.ts';
import { IDENTITY_SCHEMA } from './Identity.ts';
import { LIBRARY_SCHEMA } from './Library.ts';
import { PAGE_SCHEMA } from './Page.ts';
import { RAW_EVENT_SCHEMA } from './RawEvent.ts';
import { RECORD_REF_SCHEMA } from './RecordRef.ts';
import { REJECTED_EVENT_SCHEMA } from './RejectedEvent.ts';
import { SCREEN_SCHEMA } from './Screen.ts';
import { TRAIL_ENTRY_SCHEMA } from './TrailEntry.ts';
import { VISITOR_STATE_SCHEMA } from './VisitorState.ts';
import { ACCESS_RECORD_SCHEMA } from './access/AccessRecord.ts';
import { LOGIN_EVENT_SCHEMA } from './access/LoginEvent.ts';
import { ACTOR_SCHEMA } from './config/Actor.ts';
import { CHANGE_SCHEMA } from './config/Change.ts';
import { COLLECTOR_SETTINGS_SCHEMA } from './config/CollectorSettings.ts';
import { COMMAND_OUTCOME_SCHEMA } from './config/CommandOutcome.ts';
import { COMMAND_REJECTED_SCHEMA } from './config/CommandRejected.ts';
import { CONFIG_COMMAND_SCHEMA } from './config/ConfigCommand.ts';
import { CONFIG_EVENT_SCHEMA } from './config/ConfigEvent.ts';
import { CONSENT_READER_SCHEMA } from './config/ConsentReader.ts';
import { WEBHOOK_SETTINGS_SCHEMA } from './config/WebhookSettings.ts';
import { ACCEPT_INVITATION_SCHEMA } from './config/commands/AcceptInvitation.ts';
import { ADD_SIGNING_SECRET_SCHEMA } from './config/commands/AddSigningSecret.ts';
import { APPLY_CHANGES_SCHEMA } from './config/commands/ApplyChanges.ts';
import { APPROVE_REVISION_SCHEMA } from './config/commands/ApproveRevision.ts';
import { CHANGE_PASSWORD_SCHEMA } from './config/commands/ChangePassword.ts';
import { CHANGE_USER_ROLE_SCHEMA } from './config/commands/ChangeUserRole.ts';
import { CREATE_PIPELINE_SCHEMA } from './config/commands/CreatePipeline.ts';
import { CREATE_SOURCE_SCHEMA } from './config/commands/CreateSource.ts';
import { CREATE_TOKEN_SCHEMA } from './config/commands/CreateToken.ts';
import { DELETE_INTEGRATION_SCHEMA } from './config/commands/DeleteIntegration.ts';
import { DELETE_PIPELINE_SCHEMA } from './config/commands/DeletePipeline.ts';
import { DELETE_SOURCE_SCHEMA } from './config/commands/DeleteSource.ts';
import { DISABLE_PIPELINE_SCHEMA } from './config/commands/DisablePipeline.ts';
import { DISABLE_USER_SCHEMA } from './config/commands/DisableUser.ts';
import { DRAFT_REVISION_SCHEMA } from './config/commands/DraftRevision.ts';
import { ENABLE_PIPELINE_SCHEMA } from './config/commands/EnablePipeline.ts';
import { ENABLE_USER_SCHEMA } from './config/commands/EnableUser.ts';
import { INSTALL_INTEGRATION_SCHEMA } from './config/commands/InstallIntegration.ts';
import { INVITE_USER_SCHEMA } from './config/commands/InviteUser.ts';
import { PAUSE_INTEGRATION_SCHEMA } from './config/commands/PauseIntegration.ts';
import { PIN_REVISION_SCHEMA } from './config/commands/PinRevision.ts';
import { PUBLISH_REVISION_SCHEMA } from './config/commands/PublishRevision.ts';
import { RENEW_INVITATION_SCHEMA } from './config/commands/RenewInvitation.ts';
import { RESUME_INTEGRATION_SCHEMA } from './config/commands/ResumeIntegration.ts';
import { REVOKE_SIGNING_SECRET_SCHEMA } from './config/commands/RevokeSigningSecret.ts';
import { REVOKE_SOURCE_KEY_SCHEMA } from './config/commands/RevokeSourceKey.ts';
import { REVOKE_TOKEN_SCHEMA } from './config/commands/RevokeToken.ts';
import { ROLL_BACK_PIPELINE_SCHEMA } from './config/commands/RollBackPipeline.ts';
import { ROTATE_CREDENTIALS_SCHEMA } from './config/commands/RotateCredentials.ts';
import { ROTATE_SOURCE_KEY_SCHEMA } from './config/commands/RotateSourceKey.ts';
import { SUBMIT_REVISION_SCHEMA } from './config/commands/SubmitRevision.ts';
import { UPDATE_CONSENT_SCHEMA } from './config/commands/UpdateConsent.ts';
import { UPDATE_INTEGRATION_SCHEMA } from './config/commands/UpdateIntegration.ts';
import { UPDATE_PIPELINE_SCHEMA } from './config/commands/UpdatePipeline.ts';
import { UPDATE_SETTINGS_SCHEMA } from './config/commands/UpdateSettings.ts';
import { UPDATE_SOURCE_SCHEMA } from './config/commands/UpdateSource.ts';
import { CONSENT_UPDATED_SCHEMA } from './config/events/ConsentUpdated.ts';
import { CREDENTIALS_ROTATED_SCHEMA } from './config/events/CredentialsRotated.ts';
import { INTEGRATION_DELETED_SCHEMA } from './config/events/IntegrationDeleted.ts';
import { INTEGRATION_INSTALLED_SCHEMA } from './config/events/IntegrationInstalled.ts';
import { INTEGRATION_PAUSED_SCHEMA } from './config/events/IntegrationPaused.ts';
import { INTEGRATION_RESUMED_SCHEMA } from './config/events/IntegrationResumed.ts';
import { INTEGRATION_UPDATED_SCHEMA } from './config/events/IntegrationUpdated.ts';
import { INVITATION_ACCEPTED_SCHEMA } from './config/events/InvitationAccepted.ts';
import { INVITATION_RENEWED_SCHEMA } from './config/events/InvitationRenewed.ts';
import { PASSWORD_CHANGED_SCHEMA } from './config/events/PasswordChanged.ts';
import { PIPELINE_CREATED_SCHEMA } from './config/events/PipelineCreated.ts';
import { PIPELINE_DELETED_SCHEMA } from './config/events/PipelineDeleted.ts';
import { PIPELINE_DISABLED_SCHEMA } from './config/events/PipelineDisabled.ts';
import { PIPELINE_ENABLED_SCHEMA } from './config/events/PipelineEnabled.ts';
import { PIPELINE_ROLLED_BACK_SCHEMA } from './config/events/PipelineRolledBack.ts';
import { REVISION_APPROVED_SCHEMA } from './config/events/RevisionApproved.ts';
import { REVISION_DRAFTED_SCHEMA } from './config/events/RevisionDrafted.ts';
import { REVISION_PINNED_SCHEMA } from './config/events/RevisionPinned.ts';
import { REVISION_PUBLISHED_SCHEMA } from './config/events/RevisionPublished.ts';
import { REVISION_SUBMITTED_SCHEMA } from './config/events/RevisionSubmitted.ts';
import { SETTINGS_UPDATED_SCHEMA } from './config/events/SettingsUpdated.ts';
import { SIGNING_SECRET_ADDED_SCHEMA } from './config/events/SigningSecretAdded.ts';
import { SIGNING_SECRET_REVOKED_SCHEMA } from './config/events/SigningSecretRevoked.ts';
import { SOURCE_CREATED_SCHEMA } from './config/events/SourceCreated.ts';
import { SOURCE_DELETED_SCHEMA } from './config/events/SourceDeleted.ts';
import { SOURCE_KEY_REVOKED_SCHEMA } from './config/events/SourceKeyRevoked.ts';
import { SOURCE_KEY_ROTATED_SCHEMA } from './config/events/SourceKeyRotated.ts';
import { SOURCE_UPDATED_SCHEMA } from './config/events/SourceUpdated.ts';
import { TOKEN_CREATED_SCHEMA } from './config/events/TokenCreated.ts';
import { TOKEN_REVOKED_SCHEMA } from './config/events/TokenRevoked.ts';
import { USER_DISABLED_SCHEMA } from './config/events/UserDisabled.ts';
import { USER_ENABLED_SCHEMA } from './config/events/UserEnabled.ts';
import { USER_INVITED_SCHEMA } from './config/events/UserInvited.ts';
import { USER_ROLE_CHANGED_SCHEMA } from './config/events/UserRoleChanged.ts';

export * from './avro.ts';
export * from './Campaign.ts';
export * from './Consent.ts';
export * from './Context.ts';
export * from './DeadLetter.ts';
export * from './DeliveryBatch.ts';
export * from './DeliveryRequest.ts';
export * from './DeliveryResult.ts';
export * from './EnrichedEvent.ts';
export * from './Event.ts';
export * from './Identity.ts';
export * from './Library.ts';
export * from './Page.ts';
export * from './RawEvent.ts';
export * from './RecordRef.ts';
export * from './RejectedEvent.ts';
export * from './Screen.ts';
export * from './TrailEntry.ts';
export * from './VisitorState.ts';
export * from './access/AccessRecord.ts';
export * from './access/LoginEvent.ts';
export * from './config/Actor.ts';
export * from './config/Change.ts';
export * from './config/CollectorSettings.ts';
export * from './config/CommandOutcome.ts';
export * from './config/CommandRejected.ts';
export * from './config/ConfigCommand.ts';
export * from './config/ConfigEvent.ts';
export * from './config/ConsentReader.ts';
export * from './config/WebhookSettings.ts';
export * from './config/commands/AcceptInvitation.ts';
export * from './config/commands/AddSigningSecret.ts';
export * from './config/commands/ApplyChanges.ts';
export * from './config/commands/ApproveRevision.ts';
export * from './config/commands/ChangePassword.ts';
export * from './config/commands/ChangeUserRole.ts';
export * from './config/commands/CreatePipeline.ts';
export * from './config/commands/CreateSource.ts';
export * from './config/commands/CreateToken.ts';
export * from './config/commands/DeleteIntegration.ts';
export * from './config/commands/DeletePipeline.ts';
export * from './config/commands/DeleteSource.ts';
export * from './config/commands/DisablePipeline.ts';
export * from './config/commands/DisableUser.ts';
export * from './config/commands/DraftRevision.ts';
export * from './config/commands/EnablePipeline.ts';
export * from './config/commands/EnableUser.ts';
export * from './config/commands/InstallIntegration.ts';
export * from './config/commands/InviteUser.ts';
export * from './config/commands/PauseIntegration.ts';
export * from './config/commands/PinRevision.ts';
export * from './config/commands/PublishRevision.ts';
export * from './config/commands/RenewInvitation.ts';
export * from './config/commands/ResumeIntegration.ts';
export * from './config/commands/RevokeSigningSecret.ts';
export * from './config/commands/RevokeSourceKey.ts';
export * from './config/commands/RevokeToken.ts';
export * from './config/commands/RollBackPipeline.ts';
export * from './config/commands/RotateCredentials.ts';
export * from './config/commands/RotateSourceKey.ts';
export * from './config/commands/SubmitRevision.ts';
export * from './config/commands/UpdateConsent.ts';
export * from './config/commands/UpdateIntegration.ts';
export * from './config/commands/UpdatePipeline.ts';
export * from './config/commands/UpdateSettings.ts';
export * from './config/commands/UpdateSource.ts';
export * from './config/events/ConsentUpdated.ts';
export * from './config/events/CredentialsRotated.ts';
export * from './config/events/IntegrationDeleted.ts';
export * from './config/events/IntegrationInstalled.ts';
export * from './config/events/IntegrationPaused.ts';
export * from './config/events/IntegrationResumed.ts';
export * from './config/events/IntegrationUpdated.ts';
export * from './config/events/InvitationAccepted.ts';
export * from './config/events/InvitationRenewed.ts';
export * from './config/events/PasswordChanged.ts';
export * from './config/events/PipelineCreated.ts';
export * from './config/events/PipelineDeleted.ts';
export * from './config/events/PipelineDisabled.ts';
export * from './config/events/PipelineEnabled.ts';
export * from './config/events/PipelineRolledBack.ts';
export * from './config/events/RevisionApproved.ts';
export * from './config/events/RevisionDrafted.ts';
export * from './config/events/RevisionPinned.ts';
export * from './config/events/RevisionPublished.ts';
export * from './config/events/RevisionSubmitted.ts';
export * from './config/events/SettingsUpdated.ts';
export * from './config/events/SigningSecretAdded.ts';
export * from './config/events/SigningSecretRevoked.ts';
export * from './config/events/SourceCreated.ts';
export * from './config/events/SourceDeleted.ts';
export * from './config/events/SourceKeyRevoked.ts';
export * from './config/events/SourceKeyRotated.ts';
export * from './config/events/SourceUpdated.ts';
export * from './config/events/TokenCreated.ts';
export * from './config/events/TokenRevoked.ts';
export * from './config/events/UserDisabled.ts';
export * from './config/events/UserEnabled.ts';
export * from './config/events/UserInvited.ts';
export * from './config/events/UserRoleChanged.ts';

/** Every record, by full name. */
export const SCHEMAS: readonly { readonly name: string; readonly schema: AvroRecordSchema<unknown> }[] = [
  { name: 'signal.Campaign', schema: CAMPAIGN_SCHEMA },
  { name: 'signal.Consent', schema: CONSENT_SCHEMA },
  { name: 'signal.Context', schema: CONTEXT_SCHEMA },
  { name: 'signal.DeadLetter', schema: DEAD_LETTER_SCHEMA },
  { name: 'signal.DeliveryBatch', schema: DELIVERY_BATCH_SCHEMA },
  { name: 'signal.DeliveryRequest', schema: DELIVERY_REQUEST_SCHEMA },
  { name: 'signal.DeliveryResult', schema: DELIVERY_RESULT_SCHEMA },
  { name: 'signal.EnrichedEvent', schema: ENRICHED_EVENT_SCHEMA },
  { name: 'signal.Event', schema: EVENT_SCHEMA },
  { name: 'signal.Identity', schema: IDENTITY_SCHEMA },
  { name: 'signal.Library', schema: LIBRARY_SCHEMA },
  { name: 'signal.Page', schema: PAGE_SCHEMA },
  { name: 'signal.RawEvent', schema: RAW_EVENT_SCHEMA },
  { name: 'signal.RecordRef', schema: RECORD_REF_SCHEMA },
  { name: 'signal.RejectedEvent', schema: REJECTED_EVENT_SCHEMA },
  { name: 'signal.Screen', schema: SCREEN_SCHEMA },
  { name: 'signal.TrailEntry', schema: TRAIL_ENTRY_SCHEMA },
  { name: 'signal.VisitorState', schema: VISITOR_STATE_SCHEMA },
  { name: 'signal.access.AccessRecord', schema: ACCESS_RECORD_SCHEMA },
  { name: 'signal.access.LoginEvent', schema: LOGIN_EVENT_SCHEMA },
  { name: 'signal.config.Actor', schema: ACTOR_SCHEMA },
  { name: 'signal.config.Change', schema: CHANGE_SCHEMA },
  { name: 'signal.config.CollectorSettings', schema: COLLECTOR_SETTINGS_SCHEMA },
  { name: 'signal.config.CommandOutcome', schema: COMMAND_OUTCOME_SCHEMA },
  { name: 'signal.config.CommandRejected', schema: COMMAND_REJECTED_SCHEMA },
  { name: 'signal.config.ConfigCommand', schema: CONFIG_COMMAND_SCHEMA },
  { name: 'signal.config.ConfigEvent', schema: CONFIG_EVENT_SCHEMA },
  { name: 'signal.config.ConsentReader', schema: CONSENT_READER_SCHEMA },
  { name: 'signal.config.WebhookSettings', schema: WEBHOOK_SETTINGS_SCHEMA },
  { name: 'signal.config.AcceptInvitation', schema: ACCEPT_INVITATION_SCHEMA },
  { name: 'signal.config.AddSigningSecret', schema: ADD_SIGNING_SECRET_SCHEMA },
  { name: 'signal.config.ApplyChanges', schema: APPLY_CHANGES_SCHEMA },
  { name: 'signal.config.ApproveRevision', schema: APPROVE_REVISION_SCHEMA },
  { name: 'signal.config.ChangePassword', schema: CHANGE_PASSWORD_SCHEMA },
  { name: 'signal.config.ChangeUserRole', schema: CHANGE_USER_ROLE_SCHEMA },
  { name: 'signal.config.CreatePipeline', schema: CREATE_PIPELINE_SCHEMA },
  { name: 'signal.config.CreateSource', schema: CREATE_SOURCE_SCHEMA },
  { name: 'signal.config.CreateToken', schema: CREATE_TOKEN_SCHEMA },
  { name: 'signal.config.DeleteIntegration', schema: DELETE_INTEGRATION_SCHEMA },
  { name: 'signal.config.DeletePipeline', schema: DELETE_PIPELINE_SCHEMA },
  { name: 'signal.config.DeleteSource', schema: DELETE_SOURCE_SCHEMA },
  { name: 'signal.config.DisablePipeline', schema: DISABLE_PIPELINE_SCHEMA },
  { name: 'signal.config.DisableUser', schema: DISABLE_USER_SCHEMA },
  { name: 'signal.config.DraftRevision', schema: DRAFT_REVISION_SCHEMA },
  { name: 'signal.config.EnablePipeline', schema: ENABLE_PIPELINE_SCHEMA },
  { name: 'signal.config.EnableUser', schema: ENABLE_USER_SCHEMA },
  { name: 'signal.config.InstallIntegration', schema: INSTALL_INTEGRATION_SCHEMA },
  { name: 'signal.config.InviteUser', schema: INVITE_USER_SCHEMA },
  { name: 'signal.config.PauseIntegration', schema: PAUSE_INTEGRATION_SCHEMA },
  { name: 'signal.config.PinRevision', schema: PIN_REVISION_SCHEMA },
  { name: 'signal.config.PublishRevision', schema: PUBLISH_REVISION_SCHEMA },
  { name: 'signal.config.RenewInvitation', schema: RENEW_INVITATION_SCHEMA },
  { name: 'signal.config.ResumeIntegration', schema: RESUME_INTEGRATION_SCHEMA },
  { name: 'signal.config.RevokeSigningSecret', schema: REVOKE_SIGNING_SECRET_SCHEMA },
  { name: 'signal.config.RevokeSourceKey', schema: REVOKE_SOURCE_KEY_SCHEMA },
  { name: 'signal.config.RevokeToken', schema: REVOKE_TOKEN_SCHEMA },
  { name: 'signal.config.RollBackPipeline', schema: ROLL_BACK_PIPELINE_SCHEMA },
  { name: 'signal.config.RotateCredentials', schema: ROTATE_CREDENTIALS_SCHEMA },
  { name: 'signal.config.RotateSourceKey', schema: ROTATE_SOURCE_KEY_SCHEMA },
  { name: 'signal.config.SubmitRevision', schema: SUBMIT_REVISION_SCHEMA },
  { name: 'signal.config.UpdateConsent', schema: UPDATE_CONSENT_SCHEMA },
  { name: 'signal.config.UpdateIntegration', schema: UPDATE_INTEGRATION_SCHEMA },
  { name: 'signal.config.UpdatePipeline', schema: UPDATE_PIPELINE_SCHEMA },
  { name: 'signal.config.UpdateSettings', schema: UPDATE_SETTINGS_SCHEMA },
  { name: 'signal.config.UpdateSource', schema: UPDATE_SOURCE_SCHEMA },
  { name: 'signal.config.ConsentUpdated', schema: CONSENT_UPDATED_SCHEMA },
  { name: 'signal.config.CredentialsRotated', schema: CREDENTIALS_ROTATED_SCHEMA },
  { name: 'signal.config.IntegrationDeleted', schema: INTEGRATION_DELETED_SCHEMA },
  { name: 'signal.config.IntegrationInstalled', schema: INTEGRATION_INSTALLED_SCHEMA },
  { name: 'signal.config.IntegrationPaused', schema: INTEGRATION_PAUSED_SCHEMA },
  { name: 'signal.config.IntegrationResumed', schema: INTEGRATION_RESUMED_SCHEMA },
  { name: 'signal.config.IntegrationUpdated', schema: INTEGRATION_UPDATED_SCHEMA },
  { name: 'signal.config.InvitationAccepted', schema: INVITATION_ACCEPTED_SCHEMA },
  { name: 'signal.config.InvitationRenewed', schema: INVITATION_RENEWED_SCHEMA },
  { name: 'signal.config.PasswordChanged', schema: PASSWORD_CHANGED_SCHEMA },
  { name: 'signal.config.PipelineCreated', schema: PIPELINE_CREATED_SCHEMA },
  { name: 'signal.config.PipelineDeleted', schema: PIPELINE_DELETED_SCHEMA },
  { name: 'signal.config.PipelineDisabled', schema: PIPELINE_DISABLED_SCHEMA },
  { name: 'signal.config.PipelineEnabled', schema: PIPELINE_ENABLED_SCHEMA },
  { name: 'signal.config.PipelineRolledBack', schema: PIPELINE_ROLLED_BACK_SCHEMA },
  { name: 'signal.config.RevisionApproved', schema: REVISION_APPROVED_SCHEMA },
  { name: 'signal.config.RevisionDrafted', schema: REVISION_DRAFTED_SCHEMA },
  { name: 'signal.config.RevisionPinned', schema: REVISION_PINNED_SCHEMA },
  { name: 'signal.config.RevisionPublished', schema: REVISION_PUBLISHED_SCHEMA },
  { name: 'signal.config.RevisionSubmitted', schema: REVISION_SUBMITTED_SCHEMA },
  { name: 'signal.config.SettingsUpdated', schema: SETTINGS_UPDATED_SCHEMA },
  { name: 'signal.config.SigningSecretAdded', schema: SIGNING_SECRET_ADDED_SCHEMA },
  { name: 'signal.config.SigningSecretRevoked', schema: SIGNING_SECRET_REVOKED_SCHEMA },
  { name: 'signal.config.SourceCreated', schema: SOURCE_CREATED_SCHEMA },
  { name: 'signal.config.SourceDeleted', schema: SOURCE_DELETED_SCHEMA },
  { name: 'signal.config.SourceKeyRevoked', schema: SOURCE_KEY_REVOKED_SCHEMA },
  { name: 'signal.config.SourceKeyRotated', schema: SOURCE_KEY_ROTATED_SCHEMA },
  { name: 'signal.config.SourceUpdated', schema: SOURCE_UPDATED_SCHEMA },
  { name: 'signal.config.TokenCreated', schema: TOKEN_CREATED_SCHEMA },
  { name: 'signal.config.TokenRevoked', schema: TOKEN_REVOKED_SCHEMA },
  { name: 'signal.config.UserDisabled', schema: USER_DISABLED_SCHEMA },
  { name: 'signal.config.UserEnabled', schema: USER_ENABLED_SCHEMA },
  { name: 'signal.config.UserInvited', schema: USER_INVITED_SCHEMA },
  { name: 'signal.config.UserRoleChanged', schema: USER_ROLE_CHANGED_SCHEMA },
];
