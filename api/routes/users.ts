import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { ROLES, type Role, type User, userId } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { AtQuery, ConfigPageQuery, stateAt } from '../http/at.ts';
import { forbidder, tokenHash } from '../http/auth.ts';
import { callerOf } from '../http/caller.ts';
import { pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { permissionsOf } from '../permissions.ts';
import {
  creationOrder,
  IdParams,
  NameField,
  Nullable,
  resourceFields,
  showResource,
  timestamp,
} from './shared.ts';

const INVITATION_MS = 7 * 24 * 3600 * 1000;

const RoleField = Type.Union(
  ROLES.map((role) => Type.Literal(role)),
  { description: `One of ${ROLES.join(', ')}`, errorMessage: `Expected ${ROLES.join(', ')}` },
);

const EmailField = Type.String({ minLength: 3, maxLength: 255 });

const UserView = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Type.String(),
  status: Type.String({ description: 'invited, active or disabled' }),
  invitation_expires_at: Nullable(
    Type.String({ description: 'ISO 8601, UTC; while the invitation is open' }),
  ),
  ...resourceFields,
});

const InvitedView = Type.Composite([
  UserView,
  Type.Object({
    invitation: Type.String({
      description: 'To be passed on to the invited person; shown this once',
    }),
  }),
]);

const show = (user: User): Static<typeof UserView> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  status: user.status,
  invitation_expires_at: user.invitation === null ? null : timestamp(user.invitation.expiresAt),
  ...showResource(user),
});

export function userRoutes(api: Api, context: ApiContext): void {
  const { projection, ids, clock, sessions } = context;
  const forbid = forbidder(context.recordAccess);

  const find = (id: string, state = projection.current): User => {
    const user = state.users.get(id);
    if (user === undefined) throw apiError('USER_NOT_FOUND', id.slice(0, 100));
    return user;
  };

  const newInvitation = () => {
    const invitation = ids.invitation();
    const fields = {
      invitationHash: tokenHash(invitation),
      invitationExpiresAt: clock.now() + INVITATION_MS,
    };
    return { invitation, fields };
  };

  /** Nobody gives or takes a role that permits more than their own, except that the first user must be an owner. */
  const mayDecideOn = async (request: FastifyRequest, ...roles: readonly Role[]): Promise<void> => {
    const { permissions } = callerOf(request);
    const isFirst = projection.current.ownerId === null;
    const lacking = [...permissionsOf(isFirst ? [] : roles)].find((each) => !permissions.has(each));
    if (lacking !== undefined) await forbid(request, lacking);
  };

  api.post(
    '/users',
    {
      config: { permission: 'users:write' },
      schema: {
        operationId: 'inviteUser',
        description: 'The first one must be the owner; there is one at any time.',
        body: Type.Object(
          { email: EmailField, name: NameField, role: RoleField },
          { additionalProperties: false },
        ),
        response: { 201: InvitedView },
      },
    },
    async (request, reply) => {
      await mayDecideOn(request, request.body.role);
      const { invitation, fields } = newInvitation();
      const resourceId = ids.resource(userId.prefix);
      const payload = { 'signal.config.InviteUser': { ...request.body, ...fields } };
      await submitChange(context, request, { resourceId, payload, answersOnce: true });
      return reply.code(201).send({ ...show(find(resourceId)), invitation });
    },
  );

  api.get(
    '/users',
    {
      config: { permission: 'users:read' },
      schema: { querystring: ConfigPageQuery, response: { 200: pageOf(UserView) } },
    },
    async (request) =>
      paginate(stateAt(projection, request.query).users.values(), request.query, creationOrder, show),
  );

  api.get(
    '/users/:id',
    {
      config: { permission: 'users:read' },
      schema: { params: IdParams, querystring: AtQuery, response: { 200: UserView } },
    },
    async (request) => show(find(request.params.id, stateAt(projection, request.query))),
  );

  api.patch(
    '/users/:id',
    {
      config: { permission: 'users:write' },
      schema: {
        description: 'To make a user the owner makes the present owner an admin.',
        params: IdParams,
        body: Type.Object({ role: RoleField }, { additionalProperties: false }),
        response: { 200: UserView },
      },
    },
    async (request) => {
      const user = find(request.params.id);
      await mayDecideOn(request, user.role, request.body.role);
      const payload = { 'signal.config.ChangeUserRole': { role: request.body.role } };
      await submitChange(context, request, { resourceId: user.id, payload });
      return show(find(user.id));
    },
  );

  api.post(
    '/users/:id/renew-invitation',
    {
      config: { permission: 'users:write' },
      schema: {
        description: 'The invitation before is void.',
        params: IdParams,
        body: Type.Object({ email: Type.Optional(EmailField) }, { additionalProperties: false }),
        response: { 200: InvitedView },
      },
    },
    async (request) => {
      const user = find(request.params.id);
      await mayDecideOn(request, user.role);
      const { invitation, fields } = newInvitation();
      const payload = {
        'signal.config.RenewInvitation': { email: request.body.email ?? user.email, ...fields },
      };
      await submitChange(context, request, { resourceId: user.id, payload, answersOnce: true });
      return { ...show(find(user.id)), invitation };
    },
  );

  api.post(
    '/users/:id/disable',
    {
      config: { permission: 'users:write' },
      schema: {
        description: 'Ends their sessions at once.',
        params: IdParams,
        response: { 200: UserView },
      },
    },
    async (request) => {
      const user = find(request.params.id);
      await mayDecideOn(request, user.role);
      await submitChange(context, request, {
        resourceId: user.id,
        payload: { 'signal.config.DisableUser': {} },
      });
      await sessions.endAllOf(user.id);
      return show(find(user.id));
    },
  );

  api.post(
    '/users/:id/enable',
    {
      config: { permission: 'users:write' },
      schema: { params: IdParams, response: { 200: UserView } },
    },
    async (request) => {
      const user = find(request.params.id);
      await mayDecideOn(request, user.role);
      await submitChange(context, request, {
        resourceId: user.id,
        payload: { 'signal.config.EnableUser': {} },
      });
      return show(find(user.id));
    },
  );
}
