import fc from 'fast-check';
import type { Actor } from '../../schemas/index.ts';
import type { CommandPayload } from '../payload.ts';
import { DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
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

/** Few ids, names and keys, so that commands meet what others did. */
const few = fc.nat({ max: 2 });
const name = fc.constantFrom('A', 'a', 'B', 'ﬁ', 'fi', ' ');
const key = fc.nat({ max: 7 }).map((digit) => `dk_live_0000000${digit}`);
const revision = fc.integer({ min: 1, max: 4 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const settings = fc.constantFrom('{"url":"https://a.example"}', '{"url":"https://b.example"}', '{}');
const variant = fc.constantFrom('default', 'retail', 'space');
const categories = fc.constantFrom(['analytics'], ['marketing', 'analytics'], ['a b']);
const role = fc.constantFrom('owner', 'admin', 'editor', 'viewer', 'auditor', 'god');
const hash = fc.constantFrom('1d'.repeat(32), '2e'.repeat(32));
const email = fc.nat({ max: 4 }).map((digit) => `${digit}@example.com`);

const STRIPE = { provider: 'stripe', signatureHeader: null, eventTypePath: null, mappings: {} };
const collectorCalled = (scriptFilename: string | null) => ({
  ...DEFAULT_SOURCE_SETTINGS.collector,
  scriptFilename,
});

const onSource = (payload: fc.Arbitrary<CommandPayload>) => on('src', payload);
const onIntegration = (payload: fc.Arbitrary<CommandPayload>) => on('int', payload);
const onPipeline = (payload: fc.Arbitrary<CommandPayload>) => on('pip', payload);
const onUser = (payload: fc.Arbitrary<CommandPayload>) => on('usr', payload);
const on = (prefix: string, payload: fc.Arbitrary<CommandPayload>): fc.Arbitrary<CommandOptions> =>
  fc.tuple(few, payload).map(([id, each]) => change(`${prefix}_${id}`, each));
const just = (payload: CommandPayload): fc.Arbitrary<CommandPayload> => fc.constant(payload);

const sources = fc.oneof(
  fc.tuple(few, name, key, fc.boolean()).map(([id, each, pipelineKey, hooked]) =>
    createSource(`src_${id}`, {
      name: each,
      pipelineKey,
      ...(hooked ? { type: 'webhook', webhook: STRIPE } : { collector: collectorCalled('a') }),
    }),
  ),
  fc
    .tuple(
      few,
      fc.record({
        name: optional(name),
        rateLimitRps: optional(fc.integer({ min: -1, max: 2 })),
        allowedOrigins: optional(fc.constantFrom([], ['https://a.example'], ['a.example'])),
        collector: optional(fc.constantFrom(null, 'a', 'b', 'A').map(collectorCalled)),
        webhook: optional(fc.constant(STRIPE)),
      }),
    )
    .map(([id, each]) => updateSource(`src_${id}`, each)),
  onSource(
    few.map((digit) => ({
      'signal.config.AddSigningSecret': { secret: `v1.sec_${digit}.x`, fingerprint: `fp_${digit}` },
    })),
  ),
  onSource(few.map((digit) => ({ 'signal.config.RevokeSigningSecret': { fingerprint: `fp_${digit}` } }))),
  onSource(key.map((pipelineKey) => ({ 'signal.config.RotateSourceKey': { pipelineKey } }))),
  onSource(key.map((pipelineKey) => ({ 'signal.config.RevokeSourceKey': { pipelineKey } }))),
  onSource(just({ 'signal.config.DeleteSource': {} })),
);

const integrations = fc.oneof(
  fc.tuple(few, name).map(([id, each]) => installIntegration(`int_${id}`, { name: each })),
  onIntegration(
    fc
      .record({
        name: optional(name),
        consentCategories: optional(categories),
        variant: optional(variant),
        settings: optional(settings),
      })
      .map((each) => ({ 'signal.config.UpdateIntegration': each })),
  ),
  onIntegration(
    fc.constantFrom('api_key', 'pin').map((secret) => ({
      'signal.config.RotateCredentials': {
        secrets: { [secret]: 'sealed' },
        fingerprints: { [secret]: 'fp' },
      },
    })),
  ),
  onIntegration(just({ 'signal.config.PauseIntegration': {} })),
  onIntegration(just({ 'signal.config.ResumeIntegration': {} })),
  onIntegration(just({ 'signal.config.DeleteIntegration': {} })),
);

const revisions = fc.oneof(
  onIntegration(
    fc
      .record({ revision: optional(revision), variant, settings, summary: fc.constant(null) })
      .map((each) => ({ 'signal.config.DraftRevision': each })),
  ),
  onIntegration(revision.map((each) => ({ 'signal.config.SubmitRevision': { revision: each } }))),
  onIntegration(revision.map((each) => ({ 'signal.config.ApproveRevision': { revision: each } }))),
  onIntegration(revision.map((each) => ({ 'signal.config.PublishRevision': { revision: each } }))),
);

const pipelines = fc.oneof(
  fc
    .record({ id: few, source: few, integration: few, enabled: fc.boolean(), revision: optional(revision) })
    .map((each) =>
      createPipeline(`pip_${each.id}`, {
        sourceId: `src_${each.source}`,
        integrationId: `int_${each.integration}`,
        enabled: each.enabled,
        ...(each.revision === null ? {} : { revision: each.revision }),
      }),
    ),
  onPipeline(
    fc
      .record({ enabled: optional(fc.boolean()), revision: optional(revision) })
      .map((each) => ({ 'signal.config.UpdatePipeline': each })),
  ),
  onPipeline(optional(revision).map((each) => ({ 'signal.config.PinRevision': { revision: each } }))),
  onPipeline(just({ 'signal.config.EnablePipeline': {} })),
  onPipeline(just({ 'signal.config.DisablePipeline': {} })),
  onPipeline(just({ 'signal.config.RollBackPipeline': {} })),
  onPipeline(just({ 'signal.config.DeletePipeline': {} })),
);

const people = fc.oneof(
  fc.tuple(few, email, role).map(([id, each, as]) => inviteUser(`usr_${id}`, { email: each, role: as })),
  onUser(
    fc
      .record({ email, invitationHash: hash, invitationExpiresAt: fc.constant(INVITATION_END) })
      .map((each) => ({ 'signal.config.RenewInvitation': each })),
  ),
  few.map((id) => acceptInvitation(`usr_${id}`)),
  onUser(role.map((each) => ({ 'signal.config.ChangeUserRole': { role: each } }))),
  onUser(just({ 'signal.config.ChangePassword': { passwordHash: PASSWORD_HASH } })),
  onUser(just({ 'signal.config.DisableUser': {} })),
  onUser(just({ 'signal.config.EnableUser': {} })),
  fc
    .tuple(few, name, few)
    .map(([id, each, digit]) => createToken(`tok_${id}`, { name: each, tokenHash: `${digit}`.repeat(64) })),
  few.map((id) => change(`tok_${id}`, { 'signal.config.RevokeToken': {} })),
);

const rules = fc.oneof(
  fc
    .record({
      categories: optional(fc.constantFrom({ a: 'analytics' }, { b: 'a b' })),
      defaultPolicy: optional(fc.constantFrom('allow', 'strip', 'drop', 'maybe')),
    })
    .map((each) => change('consent', { 'signal.config.UpdateConsent': each })),
  fc
    .record({
      changeReasonRequired: optional(fc.boolean()),
      approvalRequired: optional(fc.boolean()),
      requestsPerMinute: optional(fc.nat({ max: 2 })),
      deduplicationHours: optional(fc.integer({ min: -1, max: 2 })),
    })
    .map((each) => change('settings', { 'signal.config.UpdateSettings': each })),
);

const actor: fc.Arbitrary<Actor> = fc
  .tuple(fc.constantFrom('user' as const, 'token' as const, 'system' as const), few)
  .map(([kind, id]) => ({ kind, id: `${kind === 'user' ? 'usr' : 'tok'}_${id}`, name: null, ip: null }));

const single: fc.Arbitrary<CommandOptions> = fc.oneof(
  { arbitrary: sources, weight: 4 },
  { arbitrary: integrations, weight: 4 },
  { arbitrary: revisions, weight: 5 },
  { arbitrary: pipelines, weight: 6 },
  { arbitrary: people, weight: 4 },
  { arbitrary: rules, weight: 1 },
);

/** Few: of many that are tried at once, one is refused, and so all. */
const several = fc.array(single, { maxLength: 3 }).map((each) => applyChanges(each));

/** Of every kind; most make sense only after certain others. */
export const anyCommand: fc.Arbitrary<CommandOptions> = fc
  .tuple(fc.oneof({ arbitrary: single, weight: 24 }, { arbitrary: several, weight: 3 }), actor, fc.boolean())
  .map(([options, who, says]) => ({ ...options, actor: who, ...(says ? { reason: 'because' } : {}) }));

/** Most kinds of commands make sense only once there is something. */
const furnished: readonly CommandOptions[] = [
  ...[0, 1].flatMap((id) => [createSource(`src_${id}`), installIntegration(`int_${id}`)]),
  ...[0, 1].map((id) => createPipeline(`pip_${id}`, { sourceId: `src_${id}`, integrationId: 'int_0' })),
  ...['https://a.example', 'https://b.example'].map((url) =>
    change('int_0', {
      'signal.config.DraftRevision': {
        revision: null,
        variant: 'retail',
        settings: JSON.stringify({ url }),
        summary: null,
      },
    }),
  ),
  change('int_0', { 'signal.config.PublishRevision': { revision: 2 } }),
  change('int_0', { 'signal.config.SubmitRevision': { revision: 3 } }),
  inviteUser('usr_0', { email: '0@example.com', role: 'owner' }),
  inviteUser('usr_1', { email: '1@example.com' }),
  acceptInvitation('usr_0'),
  acceptInvitation('usr_1'),
];

export const anyCommands: fc.Arbitrary<readonly CommandOptions[]> = fc
  .tuple(fc.boolean(), fc.array(anyCommand, { maxLength: 100, size: 'max' }))
  .map(([fromEmpty, commands]) => (fromEmpty ? commands : [...furnished, ...commands]));
