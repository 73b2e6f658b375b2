import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { type Changed, submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import type { Api } from '../http/type-provider.ts';
import { changeSecrets, destroyUnused } from './secret-changes.ts';
import { IdParams, Timestamp, tagged, timestamp } from './shared.ts';
import { findSource, SourceView, showSource } from './sources.ts';

const NewSecretView = Type.Object({
  secret: Type.String({ description: 'sk_…, shown this once' }),
  fingerprint: Type.String({ description: 'What it is called from now on' }),
  created_at: Timestamp,
});

export const GivenSecret = Type.Object(
  {
    secret: Type.String({
      minLength: 16,
      maxLength: 200,
      pattern: '^[\\x21-\\x7e]+$',
      description: "The provider's, in clear: whsec_…",
      errorMessage: 'Expected 16 to 200 characters without blanks',
    }),
  },
  { additionalProperties: false },
);

const TWO = 'Adds to the one there may be; both count until one is revoked. Two at most.';

/** What servers and webhooks sign their calls with. */
export function signingSecretRoutes(api: Api, context: ApiContext): void {
  const { ids, projection, secrets: vault } = context;

  const add = (
    request: FastifyRequest,
    resourceId: string,
    secret: string,
    answersOnce: boolean,
  ): Promise<Changed> =>
    changeSecrets(vault, new Map([['secret', secret]]), async (sealed) => {
      const { sealed: text = '', fingerprint = '' } = sealed.get('secret') ?? {};
      const payload = { 'signal.config.AddSigningSecret': { secret: text, fingerprint } };
      return submitChange(context, request, { resourceId, payload, answersOnce });
    });

  api.post(
    '/sources/:id/signing-secret',
    {
      config: { permission: 'sources:write' },
      schema: {
        operationId: 'createSigningSecret',
        description: `Makes a signing secret. ${TWO}`,
        params: IdParams,
        response: { 201: NewSecretView },
      },
    },
    async (request, reply) => {
      // Nothing is sealed for a source there is not.
      findSource(projection.current, request.params.id);
      const secret = ids.signingSecret();
      const { resourceId, state } = await add(request, request.params.id, secret, true);
      const [newest] = findSource(state, resourceId).signingSecrets;
      if (newest === undefined) throw apiError('SOURCE_NOT_FOUND', resourceId);
      const { fingerprint, createdAt } = newest;
      return reply.code(201).send({ secret, fingerprint, created_at: timestamp(createdAt) });
    },
  );

  api.put(
    '/sources/:id/signing-secret',
    {
      config: { permission: 'sources:write' },
      schema: {
        operationId: 'giveSigningSecret',
        description: `Takes the signing secret that a webhook's provider made. ${TWO}`,
        params: IdParams,
        body: GivenSecret,
        response: { 200: SourceView },
      },
    },
    async (request, reply) => {
      findSource(projection.current, request.params.id);
      const { resourceId, state } = await add(request, request.params.id, request.body.secret, false);
      return tagged(reply, showSource(findSource(state, resourceId)));
    },
  );

  api.delete(
    '/sources/:id/signing-secret/:fingerprint',
    {
      config: { permission: 'sources:write' },
      schema: {
        operationId: 'revokeSigningSecret',
        description: 'The gateway takes no call signed with it any more, and nobody can read it again.',
        params: Type.Composite([IdParams, Type.Object({ fingerprint: Type.String() })]),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { id, fingerprint } = request.params;
      const payload = { 'signal.config.RevokeSigningSecret': { fingerprint: fingerprint.slice(0, 100) } };
      await destroyUnused(vault, await submitChange(context, request, { resourceId: id, payload }));
      return reply.code(204).send(null);
    },
  );
}
