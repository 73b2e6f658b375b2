import { type Static, Type } from '@sinclair/typebox';
import {
  type CommandPayload,
  MAX_DEDUPLICATION_HOURS,
  SETTINGS_ID,
  type Settings,
} from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { AtQuery, stateAt } from '../http/at.ts';
import type { Api } from '../http/type-provider.ts';
import { Nullable, tagged, timestamp } from './shared.ts';

const FIELDS = {
  change_reason_required: Type.Boolean({ description: 'Every change must come with X-Change-Reason' }),
  approval_required: Type.Boolean({
    description: 'A revision is published only once a second person approved it',
  }),
  requests_per_minute: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'Of a caller at this API',
  }),
  deduplication_hours: Type.Integer({
    minimum: 0,
    maximum: MAX_DEDUPLICATION_HOURS,
    description: 'How long a message that comes again is not processed again; 0: it always is',
  }),
} as const;

export const SettingsChanges = Type.Partial(Type.Object(FIELDS), {
  additionalProperties: false,
  minProperties: 1,
});

const SettingsView = Type.Object({
  ...FIELDS,
  version: Type.Integer({ description: 'Counts the changes; 0: as it came' }),
  updated_at: Nullable(Type.String({ description: 'ISO 8601, UTC' })),
});

export const showSettings = (settings: Settings): Static<typeof SettingsView> => ({
  change_reason_required: settings.changeReasonRequired,
  approval_required: settings.approvalRequired,
  requests_per_minute: settings.requestsPerMinute,
  deduplication_hours: settings.deduplicationHours,
  version: settings.version,
  updated_at: settings.updatedAt === null ? null : timestamp(settings.updatedAt),
});

export const updateSettings = (body: Static<typeof SettingsChanges>): CommandPayload => ({
  'signal.config.UpdateSettings': {
    changeReasonRequired: body.change_reason_required ?? null,
    approvalRequired: body.approval_required ?? null,
    requestsPerMinute: body.requests_per_minute ?? null,
    deduplicationHours: body.deduplication_hours ?? null,
  },
});

/** The organisation's settings. There is one of each. */
export function settingsRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/settings',
    {
      config: { permission: 'settings:read' },
      schema: { operationId: 'getSettings', querystring: AtQuery, response: { 200: SettingsView } },
    },
    async (request, reply) =>
      tagged(reply, showSettings(stateAt(context.projection, request.query).settings)),
  );

  api.patch(
    '/settings',
    {
      config: { permission: 'settings:write' },
      schema: {
        operationId: 'updateSettings',
        body: SettingsChanges,
        response: { 200: SettingsView },
      },
    },
    async (request, reply) => {
      const payload = updateSettings(request.body);
      const { state } = await submitChange(context, request, { resourceId: SETTINGS_ID, payload });
      return tagged(reply, showSettings(state.settings));
    },
  );
}
