import { type Static, Type } from '@sinclair/typebox';
import { CONSENT_ID, CONSENT_POLICIES, type CommandPayload, type ConsentRules } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { AtQuery, stateAt } from '../http/at.ts';
import type { Api } from '../http/type-provider.ts';
import { Nullable, tagged, timestamp } from './shared.ts';

const POLICY =
  "What becomes of an event of whose visitor's consent nothing is known: allow (it passes), strip (it passes without what tells who it was), drop. Whatever passes reaches only integrations that need no consent";

const CategoriesField = (description: string) =>
  Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 64 }), {
    maxProperties: 500,
    description,
  });

export const ConsentChanges = Type.Object(
  {
    categories: Type.Optional(
      CategoriesField('Canonical category (essential, functional, analytics, ...) by code: all of them'),
    ),
    default_policy: Type.Optional(
      Type.Union(
        CONSENT_POLICIES.map((policy) => Type.Literal(policy)),
        { description: POLICY, errorMessage: `Expected ${CONSENT_POLICIES.join(', ')}` },
      ),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

const ConsentView = Type.Object({
  categories: CategoriesField('Canonical category by code of a consent platform'),
  default_policy: Type.String({ description: POLICY }),
  version: Type.Integer({ description: 'Counts the changes; 0: as it came' }),
  updated_at: Nullable(Type.String({ description: 'ISO 8601, UTC' })),
});

export const showConsent = (consent: ConsentRules): Static<typeof ConsentView> => ({
  categories: Object.fromEntries(consent.categories),
  default_policy: consent.defaultPolicy,
  version: consent.version,
  updated_at: consent.updatedAt === null ? null : timestamp(consent.updatedAt),
});

export const updateConsent = (body: Static<typeof ConsentChanges>): CommandPayload => ({
  'signal.config.UpdateConsent': {
    categories: body.categories ?? null,
    defaultPolicy: body.default_policy ?? null,
  },
});

/** How consent is read, for all sources. There is one. */
export function consentRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/consent',
    {
      config: { permission: 'consent:read' },
      schema: { operationId: 'getConsent', querystring: AtQuery, response: { 200: ConsentView } },
    },
    async (request, reply) => tagged(reply, showConsent(stateAt(context.projection, request.query).consent)),
  );

  api.patch(
    '/consent',
    {
      config: { permission: 'consent:write' },
      schema: {
        operationId: 'updateConsent',
        description: 'Counts for events that are accepted from now on.',
        body: ConsentChanges,
        response: { 200: ConsentView },
      },
    },
    async (request, reply) => {
      const payload = updateConsent(request.body);
      const { state } = await submitChange(context, request, { resourceId: CONSENT_ID, payload });
      return tagged(reply, showConsent(state.consent));
    },
  );
}
