import { type Static, Type } from '@sinclair/typebox';
import type { User } from '../../config/index.ts';
import { submitChange } from '../changes.ts';
import type { ApiContext } from '../deps.ts';
import { ApiError, apiError, rejectedBy } from '../errors.ts';
import { tokenHash } from '../http/auth.ts';
import { callerOf, callerWithRole, setCaller } from '../http/caller.ts';
import type { Api } from '../http/type-provider.ts';
import { hashPassword, type LoginOutcome, type TokenPair } from '../logins/index.ts';
import { Nullable } from './shared.ts';

const Password = Type.String({
  minLength: 12,
  maxLength: 200,
  description: 'At least 12 characters, of any kind',
});

/** One that is only compared may have been made under other rules. */
const AnyPassword = Type.String({ minLength: 1, maxLength: 200 });

export const TokensView = Type.Object({
  access_token: Type.String({ description: 'To send as "Authorization: Bearer <access_token>"' }),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds until the access token expires' }),
  refresh_token: Type.String({ description: 'Gives one new pair, within 7 days' }),
});

const CallerView = Type.Object({
  kind: Type.Union([Type.Literal('user'), Type.Literal('token')]),
  id: Type.String(),
  name: Type.String({ description: "The token's name, the user's email address" }),
  role: Nullable(Type.String({ description: 'Of a user' })),
  permissions: Type.Array(Type.String()),
});

const RefreshBody = Type.Object(
  { refresh_token: Type.String({ minLength: 1, maxLength: 2000 }) },
  { additionalProperties: false },
);

export const showTokens = ({
  accessToken,
  refreshToken,
  expiresIn,
}: TokenPair): Static<typeof TokensView> => ({
  access_token: accessToken,
  token_type: 'Bearer',
  expires_in: expiresIn,
  refresh_token: refreshToken,
});

/** Whoever is not logged in is counted by address, and may ask a twentieth of what others may. */
export const loginLimit = ({ requestsPerMinute, projection }: ApiContext) => ({
  max: () => Math.ceil((requestsPerMinute ?? projection.current.settings.requestsPerMinute) / 20),
  groupId: 'auth',
});

export function authRoutes(api: Api, context: ApiContext): void {
  const { sessions, recordAccess, projection, secrets } = context;
  const few = loginLimit(context);

  const refuse = (outcome: Extract<LoginOutcome, { kind: 'refused' }>): never => {
    throw apiError(outcome.code);
  };

  api.post(
    '/auth/login',
    {
      config: { permission: 'anyone', rateLimit: few },
      schema: {
        operationId: 'logIn',
        errors: [401],
        body: Type.Object(
          { email: Type.String({ minLength: 3, maxLength: 255 }), password: AnyPassword },
          { additionalProperties: false },
        ),
        response: { 200: TokensView },
      },
    },
    async (request) => {
      const outcome = await sessions.login(request.body.email, request.body.password);
      const user = outcome.user ?? null;
      if (outcome.kind === 'refused') {
        await recordAccess(request, { action: 'auth.login_failed', user, code: outcome.code });
        return refuse(outcome);
      }
      await recordAccess(request, { action: 'auth.login', user });
      return showTokens(outcome.tokens);
    },
  );

  api.post(
    '/auth/refresh',
    {
      config: { permission: 'anyone', rateLimit: few },
      schema: {
        operationId: 'refreshTokens',
        errors: [401],
        description:
          'A refresh token counts once. One that comes a second time was stolen from one side or the other: it ends all sessions of its user.',
        body: RefreshBody,
        response: { 200: TokensView },
      },
    },
    async (request) => {
      const outcome = await sessions.refresh(request.body.refresh_token);
      if (outcome.kind === 'tokens') return showTokens(outcome.tokens);
      if (outcome.reused === true)
        await recordAccess(request, { action: 'auth.token_reused', user: outcome.user ?? null });
      return refuse(outcome);
    },
  );

  api.post(
    '/auth/logout',
    {
      config: { permission: 'anyone', rateLimit: few },
      schema: {
        operationId: 'logOut',
        description: 'Ends the session of a refresh token, if there is one.',
        body: RefreshBody,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const user = await sessions.end(request.body.refresh_token);
      if (user !== undefined) await recordAccess(request, { action: 'auth.logout', user });
      return reply.code(204).send(null);
    },
  );

  api.post(
    '/auth/accept-invitation',
    {
      config: { permission: 'anyone', rateLimit: few },
      schema: {
        operationId: 'acceptInvitation',
        description: 'Sets the password of an invited user, and logs them in.',
        body: Type.Object(
          { invitation: Type.String({ minLength: 1, maxLength: 200 }), password: Password },
          { additionalProperties: false },
        ),
        response: { 200: TokensView },
      },
    },
    async (request) => {
      const { invitation, password } = request.body;
      const hash = tokenHash(invitation);
      const user = [...projection.current.users.values()].find((each) => each.invitation?.hash === hash);
      if (user === undefined)
        throw rejectedBy('INVALID_INVITATION', 'there is no such invitation, or not any more', 'invitation');
      setCaller(request, callerWithRole(user));
      await setPassword(user, password, (passwordHash) =>
        submitChange(
          context,
          request,
          {
            resourceId: user.id,
            payload: { 'signal.config.AcceptInvitation': { invitationHash: hash, passwordHash } },
            answersOnce: true,
          },
          { invitationHash: 'invitation' },
        ),
      );
      return showTokens(await sessions.start(user));
    },
  );

  api.post(
    '/auth/change-password',
    {
      config: { permission: 'logged-in', rateLimit: few },
      schema: {
        operationId: 'changePassword',
        description: 'For users. Ends all their sessions and starts a new one.',
        body: Type.Object(
          { current_password: AnyPassword, new_password: Password },
          { additionalProperties: false },
        ),
        response: { 200: TokensView },
      },
    },
    async (request) => {
      const user = projection.current.users.get(callerOf(request).id);
      if (user === undefined) throw apiError('FORBIDDEN', 'the login of a user');
      const { current_password: current, new_password: password } = request.body;
      if (!(await sessions.isPasswordOf(user, current))) {
        await recordAccess(request, { action: 'auth.login_failed', code: 'INVALID_CREDENTIALS' });
        throw apiError('INVALID_CREDENTIALS');
      }
      await setPassword(user, password, (passwordHash) =>
        submitChange(context, request, {
          resourceId: user.id,
          payload: { 'signal.config.ChangePassword': { passwordHash } },
          answersOnce: true,
        }),
      );
      await sessions.endAllOf(user.id);
      return showTokens(await sessions.start(user));
    },
  );

  api.get(
    '/auth/me',
    {
      config: { permission: 'logged-in' },
      schema: { operationId: 'getMe', summary: 'Who is calling', response: { 200: CallerView } },
    },
    async (request) => {
      const { kind, id, name, permissions } = callerOf(request);
      const role = kind === 'user' ? (projection.current.users.get(id)?.role ?? null) : null;
      return { kind, id, name, role, permissions: [...permissions] };
    },
  );

  /** The hash is sealed, so that who has the log alone cannot even guess, and an old one can be shredded. */
  async function setPassword(
    user: User,
    password: string,
    submit: (passwordHash: string) => Promise<unknown>,
  ): Promise<void> {
    const before = user.passwordHash;
    const { sealed } = await secrets.seal(await hashPassword(password));
    try {
      await submit(sealed);
    } catch (error) {
      // Only when it was refused for certain: after a timeout it may yet count.
      if (error instanceof ApiError && error.status < 500) await secrets.destroy(sealed);
      throw error;
    }
    if (before !== null) await secrets.destroy(before);
  }
}
