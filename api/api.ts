import Fastify, { type FastifyInstance } from 'fastify';
import { accessRecorder } from './access/index.ts';
import type { ApiContext, ApiDeps } from './deps.ts';
import { forbidder, requireTokens } from './http/auth.ts';
import { authenticator } from './http/authenticate.ts';
import { answerBrokenRequest } from './http/connection.ts';
import { limitDepth } from './http/depth.ts';
import { frameworkError, handleErrors } from './http/error-handler.ts';
import { awaitHistory } from './http/history.ts';
import { observeRequests } from './http/observe.ts';
import { limitRate } from './http/rate-limit.ts';
import type { Api, TypeBoxProvider } from './http/type-provider.ts';
import { useSchemas } from './http/validation.ts';
import { documentRoutes } from './openapi/document.ts';
import { accessLogRoutes } from './routes/access-log.ts';
import { applyRoutes } from './routes/apply.ts';
import { authRoutes } from './routes/auth.ts';
import { configDiffRoutes } from './routes/config-diff.ts';
import { configEventRoutes } from './routes/config-events.ts';
import { consentRoutes } from './routes/consent.ts';
import { eventRoutes } from './routes/events.ts';
import { integrationCatalogRoutes } from './routes/integration-catalog.ts';
import { integrationRoutes } from './routes/integrations.ts';
import { logAuditRoutes } from './routes/log-audit.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { openApiRoutes } from './routes/openapi.ts';
import { operationRoutes } from './routes/operations.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { revisionRoutes } from './routes/revisions.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signingSecretRoutes } from './routes/signing-secrets.ts';
import { sourceCollectorRoutes } from './routes/source-collector.ts';
import { sourceRoutes } from './routes/sources.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { userRoutes } from './routes/users.ts';

/** A resource each. */
const ROUTES: readonly ((api: Api, context: ApiContext) => void)[] = [
  authRoutes,
  oidcRoutes,
  userRoutes,
  tokenRoutes,
  sourceRoutes,
  signingSecretRoutes,
  sourceCollectorRoutes,
  integrationCatalogRoutes,
  integrationRoutes,
  revisionRoutes,
  pipelineRoutes,
  consentRoutes,
  settingsRoutes,
  applyRoutes,
  configEventRoutes,
  configDiffRoutes,
  logAuditRoutes,
  accessLogRoutes,
  eventRoutes,
];

const PREFIX = '/v1/admin';

/** A message id has at most 512 characters, each of which may take nine in a URL. */
const MAX_PARAM_LENGTH = 512 * 9;

/**
 * The management API over HTTP: reads come from the configuration's projection and the event logs, writes are
 * commands to the configuration. The caller listens and closes.
 */
export function buildApi(deps: ApiDeps): FastifyInstance {
  const { logger, register, ids, clock, maxBodySize = 256 * 1024 } = deps;
  const app = Fastify({
    // Fastify's own log lines carry URLs and addresses, that is, personal data.
    logger: false,
    genReqId: () => ids.uuid(),
    bodyLimit: maxBodySize,
    requestTimeout: 30_000,
    trustProxy: deps.trustedProxies === undefined ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: frameworkError,
    clientErrorHandler: answerBrokenRequest,
  });
  observeRequests(app, register, logger);
  handleErrors(app, logger);
  useSchemas(app);
  limitDepth(app);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff');
  });

  const context: ApiContext = { ...deps, recordAccess: accessRecorder(deps.accessLog, clock) };
  operationRoutes(app, register, deps.isReady ?? (() => true));
  app.register(
    async (scope) => {
      requireTokens(scope, authenticator(deps), forbidder(context.recordAccess));
      await limitRate(
        scope,
        () => deps.requestsPerMinute ?? deps.projection.current.settings.requestsPerMinute,
      );
      awaitHistory(scope, deps.projection);
      const document = documentRoutes(scope, PREFIX);
      const api = scope.withTypeProvider<TypeBoxProvider>();
      for (const routes of ROUTES) routes(api, context);
      openApiRoutes(api, document);
    },
    { prefix: PREFIX },
  );
  return app;
}
