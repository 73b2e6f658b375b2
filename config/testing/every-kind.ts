import {
  acceptInvitation,
  applyChanges,
  type CommandOptions,
  change,
  createPipeline,
  createSource,
  createToken,
  INVITATION_END,
  installIntegration,
  inviteUser,
  PASSWORD_HASH,
  updateSource,
} from './given.ts';

/** A history in which every kind of command is accepted at least once, and so every kind of event happens. */
export const EVERY_KIND: readonly CommandOptions[] = [
  createSource('src_web', { name: 'Shop', pipelineKey: 'dk_live_shop00000001' }),
  createSource('src_app', { name: 'Phone', type: 'app', pipelineKey: 'dk_live_phone0000001' }),
  installIntegration('int_hook', { name: 'Hook', secrets: { api_key: 'v1.sec_1.sealed' } }),
  createPipeline('pip_shop', { sourceId: 'src_web', integrationId: 'int_hook' }),
  createPipeline('pip_phone', { sourceId: 'src_app', integrationId: 'int_hook', enabled: false }),
  createToken('tok_ci', { name: 'CI', expiresAt: 1_900_000_000_000 }),

  inviteUser('usr_ada', { email: 'ada@example.com', name: 'Ada', role: 'owner' }),
  inviteUser('usr_bob', { email: 'bob@example.com', name: 'Bob' }),
  change('usr_bob', {
    'signal.config.RenewInvitation': {
      email: 'robert@example.com',
      invitationHash: '1d'.repeat(32),
      invitationExpiresAt: INVITATION_END,
    },
  }),
  acceptInvitation('usr_ada'),
  acceptInvitation('usr_bob'),
  change('usr_ada', { 'signal.config.ChangePassword': { passwordHash: PASSWORD_HASH } }),
  change('usr_bob', { 'signal.config.ChangeUserRole': { role: 'owner' } }),
  change('usr_ada', { 'signal.config.DisableUser': {} }),
  change('usr_ada', { 'signal.config.EnableUser': {} }),
  createToken('tok_old', { tokenHash: 'cd'.repeat(32) }),
  change('tok_old', { 'signal.config.RevokeToken': {} }),

  updateSource('src_web', {
    name: 'Web shop',
    rateLimitRps: 500,
    allowedOrigins: ['https://shop.example', 'https://*.shop.example'],
    truncateIp: true,
    vendorCookies: ['_ga', '_fbp'],
    collector: {
      scriptFilename: 'shop',
      batchSize: 20,
      flushInterval: 500,
      modules: ['outbound_links', 'scroll'],
      consent: {
        platform: 'custom',
        queueUntilKnown: true,
        custom: {
          store: 'cookie',
          name: 'consent',
          format: 'json',
          rules: { analytics: { field: 'stats', granted: 'yes' } },
        },
      },
      linkedDomains: ['shop.example.org'],
    },
  }),
  change('src_web', { 'signal.config.RotateSourceKey': { pipelineKey: 'dk_live_shop00000002' } }),
  change('src_web', { 'signal.config.RevokeSourceKey': { pipelineKey: 'dk_live_shop00000001' } }),
  createSource('src_stripe', {
    type: 'webhook',
    webhook: {
      provider: 'stripe',
      signatureHeader: null,
      eventTypePath: '$.type',
      mappings: { userId: '$.data.object.customer', 'properties.amount': '$.data.object.amount' },
    },
  }),
  ...['1', '2'].map((digit) =>
    change('src_stripe', {
      'signal.config.AddSigningSecret': { secret: `v1.sec_s${digit}.sealed`, fingerprint: `fp_s${digit}` },
    }),
  ),
  change('src_stripe', { 'signal.config.RevokeSigningSecret': { fingerprint: 'fp_s1' } }),
  createSource('src_old'),
  change('src_old', { 'signal.config.DeleteSource': {} }),

  change('int_hook', {
    'signal.config.UpdateIntegration': {
      name: 'Web hook',
      consentCategories: ['analytics', 'marketing'],
      variant: 'retail',
      settings: null,
    },
  }),
  change('int_hook', {
    'signal.config.RotateCredentials': {
      secrets: { api_key: 'v1.sec_2.sealed' },
      fingerprints: { api_key: 'fp_2' },
    },
  }),
  change('int_hook', { 'signal.config.PauseIntegration': {} }),
  change('int_hook', { 'signal.config.ResumeIntegration': {} }),
  installIntegration('int_old'),
  change('int_old', { 'signal.config.DeleteIntegration': {} }),
  change('int_hook', {
    'signal.config.DraftRevision': {
      revision: 2,
      variant: 'retail',
      settings: '{"url":"https://acme.example/v2"}',
      summary: 'Another address.',
    },
  }),
  change('int_hook', { 'signal.config.SubmitRevision': { revision: 2 } }),
  change('int_hook', { 'signal.config.ApproveRevision': { revision: 2 } }),
  change('int_hook', { 'signal.config.PublishRevision': { revision: 2 } }),

  change('pip_shop', { 'signal.config.PinRevision': { revision: null } }),
  change('pip_shop', { 'signal.config.RollBackPipeline': {} }),
  change('pip_shop', { 'signal.config.DisablePipeline': {} }),
  change('pip_shop', { 'signal.config.EnablePipeline': {} }),
  change('pip_phone', { 'signal.config.UpdatePipeline': { enabled: true, revision: 2 } }),
  change('pip_phone', { 'signal.config.DeletePipeline': {} }),

  change('settings', {
    'signal.config.UpdateSettings': {
      changeReasonRequired: null,
      approvalRequired: true,
      requestsPerMinute: 1000,
      deduplicationHours: 48,
    },
  }),
  change('consent', {
    'signal.config.UpdateConsent': { categories: { C0002: 'analytics' }, defaultPolicy: 'strip' },
  }),
  applyChanges([
    createSource('src_set', { name: 'One of a set' }),
    change('src_set', { 'signal.config.DeleteSource': {} }),
  ]),
];
