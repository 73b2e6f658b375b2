import { Type } from '@sinclair/typebox';
import type { ApiContext } from '../deps.ts';
import { ApiError, apiError } from '../errors.ts';
import type { Api } from '../http/type-provider.ts';
import { admit, type OidcLogin } from '../oidc/index.ts';
import { loginLimit, showTokens, TokensView } from './auth.ts';

const StartView = Type.Object({
  authorization_url: Type.String({ description: 'Where to send the browser' }),
  login: Type.String({ description: 'To keep in the browser until it comes back, and to hand in then' }),
});

/** Login at the organisation's own identity provider. */
export function oidcRoutes(api: Api, context: ApiContext): void {
  const { sessions, recordAccess } = context;
  const rateLimit = loginLimit(context);

  const configured = (): OidcLogin => {
    if (context.oidc === undefined) throw apiError('OIDC_NOT_CONFIGURED');
    return context.oidc;
  };

  api.post(
    '/auth/oidc/start',
    {
      config: { permission: 'anyone', rateLimit },
      schema: {
        operationId: 'startOidcLogin',
        errors: [404],
        response: { 200: StartView },
      },
    },
    async () => {
      const { authorizationUrl, login } = await configured().start();
      return { authorization_url: authorizationUrl, login };
    },
  );

  api.post(
    '/auth/oidc/finish',
    {
      config: { permission: 'anyone', rateLimit },
      schema: {
        operationId: 'finishOidcLogin',
        errors: [401, 403, 404],
        body: Type.Object(
          {
            login: Type.String({
              minLength: 1,
              maxLength: 2000,
              description: 'What auth/oidc/start answered',
            }),
            callback: Type.String({
              minLength: 1,
              maxLength: 8000,
              description: 'The query string with which the provider sent the browser back: code=…&state=…',
            }),
          },
          { additionalProperties: false },
        ),
        response: { 200: TokensView },
      },
    },
    async (request) => {
      const oidc = configured();
      try {
        const identity = await oidc.finish(request.body.login, request.body.callback);
        const user = await admit(context, identity, oidc.settings.roles.length > 0);
        await recordAccess(request, { action: 'auth.login', user });
        return showTokens(await sessions.start(user));
      } catch (error) {
        if (error instanceof ApiError && error.status < 500)
          await recordAccess(request, {
            action: 'auth.login_failed',
            code: error.code,
            detail: error.message,
          });
        throw error;
      }
    },
  );
}
