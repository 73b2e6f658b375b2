import type { Actor, ConfigCommand, ConfigEvent, CreateSource, UpdateSource } from '../../schemas/index.ts';
import type { Catalog } from '../catalog.ts';
import { decide } from '../decide.ts';
import { evolve } from '../evolve.ts';
import type { CommandPayload } from '../payload.ts';
import type { Rejection } from '../rejections.ts';
import { DEFAULT_SOURCE_SETTINGS } from '../resources/source-settings.ts';
import { UNCHANGED_SETTINGS } from '../source-settings.ts';
import { type ConfigState, EMPTY_STATE } from '../state.ts';

export const SOMEONE: Actor = { kind: 'user', id: 'usr_1', name: 'Ada', ip: null };

/** One vendor with a field of each type. */
export const CATALOG: Catalog = new Map([
  [
    'acme',
    {
      key: 'acme',
      name: 'Acme',
      description: 'For tests.',
      category: 'analytics',
      status: 'ga',
      website: 'https://acme.example',
      variants: [
        { key: 'default', name: 'Default', description: 'Everything.' },
        { key: 'retail', name: 'Retail', description: 'Shops.' },
      ],
      consentCategories: ['analytics'],
      settings: [
        { key: 'url', label: 'URL', type: 'url', required: true },
        { key: 'api_key', label: 'API key', type: 'secret', required: true },
        {
          key: 'method',
          label: 'Method',
          type: 'select',
          required: false,
          default: 'POST',
          options: [
            { value: 'POST', label: 'POST' },
            { value: 'PUT', label: 'PUT' },
          ],
        },
        { key: 'size', label: 'Size', type: 'number', required: false, min: 1, max: 100 },
        { key: 'batch', label: 'Batch', type: 'boolean', required: false },
        {
          key: 'label',
          label: 'Label',
          type: 'string',
          required: true,
          when: { key: 'batch', equals: true },
          check: (value) => (value === 'forbidden' ? 'must not be "forbidden"' : undefined),
        },
        { key: 'headers', label: 'Headers', type: 'json', required: false },
      ],
    },
  ],
]);

export interface CommandOptions {
  readonly resourceId: string;
  readonly payload: CommandPayload;
  readonly commandId?: string;
  readonly expectedVersion?: number;
  readonly time?: number;
  readonly reason?: string;
  readonly actor?: Actor;
}

export const command = (options: CommandOptions): ConfigCommand => ({
  commandId: options.commandId ?? `cmd-${options.resourceId}`,
  resourceId: options.resourceId,
  expectedVersion: options.expectedVersion ?? null,
  time: options.time ?? 1_700_000_000_000,
  actor: options.actor ?? SOMEONE,
  reason: options.reason ?? null,
  payload: options.payload,
});

export const createSource = (id: string, fields: Partial<CreateSource> = {}): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.CreateSource': {
      ...DEFAULT_SOURCE_SETTINGS,
      name: `Source ${id}`,
      type: 'web',
      pipelineKey: `dk_live_${id.padStart(12, '0')}`,
      ...fields,
    },
  },
});

/** Of what is not named, nothing. */
export const updateSource = (id: string, fields: Partial<UpdateSource>): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.UpdateSource': {
      name: null,
      rateLimitRps: null,
      ...UNCHANGED_SETTINGS,
      ...fields,
    },
  },
});

export const installIntegration = (
  id: string,
  fields: {
    name?: string;
    vendor?: string;
    variant?: string;
    settings?: string;
    secrets?: Record<string, string>;
    consentCategories?: string[];
  } = {},
): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.InstallIntegration': {
      name: fields.name ?? `Integration ${id}`,
      vendor: fields.vendor ?? 'acme',
      variant: fields.variant ?? 'default',
      settings: fields.settings ?? '{"url":"https://acme.example/in"}',
      secrets: fields.secrets ?? { api_key: 'sealed' },
      fingerprints: { api_key: 'fp_1' },
      consentCategories: fields.consentCategories ?? ['analytics'],
    },
  },
});

export const createPipeline = (
  id: string,
  fields: { sourceId: string; integrationId: string; enabled?: boolean; revision?: number },
): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.CreatePipeline': {
      sourceId: fields.sourceId,
      integrationId: fields.integrationId,
      enabled: fields.enabled ?? true,
      revision: fields.revision ?? null,
      filter: null,
      parameters: {},
    },
  },
});

export const createToken = (
  id: string,
  fields: { name?: string; tokenHash?: string; scopes?: string[]; expiresAt?: number } = {},
): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.CreateToken': {
      name: fields.name ?? `Token ${id}`,
      tokenHash: fields.tokenHash ?? 'ab'.repeat(32),
      scopes: fields.scopes ?? ['admin'],
      expiresAt: fields.expiresAt ?? null,
    },
  },
});

/** Milliseconds after which an invitation of `inviteUser` is void. */
export const INVITATION_END = 1_700_086_400_000;

export const inviteUser = (
  id: string,
  fields: { email?: string; name?: string; role?: string; invitationHash?: string } = {},
): CommandOptions => ({
  resourceId: id,
  payload: {
    'signal.config.InviteUser': {
      email: fields.email ?? `${id}@example.com`,
      name: fields.name ?? id,
      role: fields.role ?? 'editor',
      invitationHash: fields.invitationHash ?? '1d'.repeat(32),
      invitationExpiresAt: INVITATION_END,
    },
  },
});

export const PASSWORD_HASH = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNo';

/** Any other command about a resource. */
export const change = (resourceId: string, payload: CommandPayload): CommandOptions => ({
  resourceId,
  payload,
});

export const acceptInvitation = (id: string): CommandOptions =>
  change(id, {
    'signal.config.AcceptInvitation': { invitationHash: '1d'.repeat(32), passwordHash: PASSWORD_HASH },
  });

/** Several commands as one. */
export const applyChanges = (
  commands: readonly CommandOptions[],
  configVersion: number | null = null,
): CommandOptions =>
  change('config', {
    'signal.config.ApplyChanges': {
      configVersion,
      changes: commands.map(({ resourceId, payload }, index) => ({
        path: `changes[${index}]`,
        resourceId,
        payload,
      })),
    },
  });

/** Runs commands in order; all of them must be accepted. */
export function given(...commands: readonly CommandOptions[]): { state: ConfigState; events: ConfigEvent[] } {
  let state = EMPTY_STATE;
  const events: ConfigEvent[] = [];
  for (const options of commands) {
    const decision = decide(state, command(options), { catalog: CATALOG });
    if ('rejection' in decision) throw new Error(`given: ${decision.rejection.message}`);
    events.push(...decision.events);
    state = decision.events.reduce(evolve, state);
  }
  return { state, events };
}

export const when = (state: ConfigState, options: CommandOptions): ReturnType<typeof decide> =>
  decide(state, command(options), { catalog: CATALOG });

export function rejectionOf(state: ConfigState, options: CommandOptions): Rejection {
  const decision = when(state, options);
  if ('rejection' in decision) return decision.rejection;
  throw new Error(`accepted: ${options.resourceId}`);
}
