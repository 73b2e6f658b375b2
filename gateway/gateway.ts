import type { IncomingMessage } from 'node:http';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RawEvent } from '../schemas/index.ts';
import { networkOf, trustOf } from './addresses.ts';
import { ArrivingBodies } from './arriving-bodies.ts';
import { Authenticator } from './auth/authenticate.ts';
import {
  answerBrokenRequest,
  answerConnect,
  answerExpectation,
  httpOptions,
  limitConnections,
} from './connection.ts';
import { CookieDomains } from './cookie-domain.ts';
import { type Refusal, refuse } from './errors.ts';
import { EventAppender } from './event-appender.ts';
import type { EventStore } from './event-store.ts';
import { isKnownEncoding } from './inflate.ts';
import { Intake } from './intake.ts';
import { createMetrics } from './metrics.ts';
import { originRules } from './origins.ts';
import { RateLimiter } from './rate-limit.ts';
import { refusalOf, replyRefusal } from './reply.ts';
import { batchRoute } from './routes/batch.ts';
import { type CollectorScripts, collectorScriptRoutes } from './routes/collector-script.ts';
import { enrichRoute } from './routes/enrich.ts';
import { eventRoutes } from './routes/events.ts';
import { operationRoutes } from './routes/operations.ts';
import { pixelRoutes } from './routes/pixel.ts';
import { segmentRoutes } from './routes/segment.ts';
import { webhookRoute } from './routes/webhook.ts';
import type { GatewaySettings } from './settings.ts';
import type { SourceDirectory } from './sources.ts';

export interface GatewayDeps {
  readonly log: EventStore;
  readonly rawEventSerde: { serialize(event: RawEvent): Buffer };
  readonly config: SourceDirectory;
  /** Milliseconds since the epoch. */
  readonly clock: { now(): number };
  readonly ids: { uuid(): string };
  readonly logger: Logger;
  readonly register: Registry;
  /** Makes the sources' datafly.js. */
  readonly collectorScripts: CollectorScripts;
  /** Whether the parts behind the gateway are up, for `/readyz`. Left out: they are. */
  readonly isReady?: (() => boolean) | undefined;
  readonly settings: GatewaySettings;
}

/**
 * The HTTP door for events. It answers 2xx only after the log has them. The caller listens and closes; closing lets
 * requests in flight end, if they do so soon.
 *
 * A request passes: HTTP limits (`connection.ts`) → CORS → body bytes → source (`auth/`) and JSON (`body.ts`) → rate
 * limit → what the endpoint reads in it (`routes/`) → visitor (`visitor.ts`) → canonical events (`normalise/`) → log
 * (`event-appender.ts`). Whatever is refused on the way is a `Refusal`, answered by `reply.ts` out of `errors.ts`.
 */
export function buildGateway(deps: GatewayDeps): FastifyInstance {
  const { settings, logger } = deps;
  const metrics = createMetrics(deps.register);
  const app = Fastify({
    // Fastify's own log lines carry URLs and addresses, that is, keys and personal data.
    logger: false,
    http: httpOptions(settings),
    bodyLimit: settings.maxPayloadSize,
    requestTimeout: settings.timeouts.request,
    keepAliveTimeout: settings.timeouts.keepAlive,
    connectionTimeout: settings.timeouts.stalled,
    return503OnClosing: false,
    trustProxy: settings.trustedProxies.length > 0 ? trustOf(settings.trustedProxies) : false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, _request, reply) => replyRefusal(reply, refusalOf(error, settings, logger)),
  });
  limitConnections(app.server, settings.maxConnections);
  app.addHook('preClose', (done) => {
    // A server that closes checks no longer whether requests arrive in time, so it would wait for a slow one for ever.
    const cutOff = setTimeout(() => app.server.closeAllConnections(), settings.timeouts.closing);
    app.server.once('close', () => clearTimeout(cutOff));
    done();
  });
  app.server.on('connect', answerConnect);
  app.server.on('checkExpectation', answerExpectation);

  // Bodies stay bytes until the handler: encoding is checked strictly, and signatures are over bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    // The last is what RudderStack's SDK for Node calls its gzipped JSON.
    ['application/json', 'text/plain', 'application/x-www-form-urlencoded'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  );
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    // Fastify closes the connection after a refused body. Reading the rest of it lets the sender see the answer;
    // the request timeout bounds how long.
    reply.removeHeader('connection');
    return replyRefusal(reply, refusalOf(error, settings, logger));
  });
  app.setNotFoundHandler((_request, reply) => replyRefusal(reply, refuse('NOT_FOUND')));

  app.decorateRequest('sourceId', '');
  app.decorateReply('refusedAs', null);
  const arriving = new ArrivingBodies({
    maxBytes: settings.maxArrivingBytes,
    bodyLimit: settings.maxPayloadSize,
  });
  app.addHook('onRequest', (request, reply, done) => {
    const refusal =
      refusalOfHeaders(request.raw) ?? (arriving.admit(request.raw) ? undefined : refuse('OVERLOADED'));
    if (refusal === undefined) done();
    else replyRefusal(reply, refusal);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const endpoint = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    metrics.requests.inc({ endpoint, status: reply.statusCode });
    const { refusedAs: reason } = reply;
    if (reason !== null) metrics.refused.inc({ endpoint, source: request.sourceId, reason });
    done();
  });

  operationRoutes(app, deps.register, () =>
    deps.isReady?.() === false ? 'not ready' : (deps.log.state ?? 'up'),
  );
  collectorScriptRoutes(app, deps.collectorScripts, deps.config);
  app.register(async (events) => {
    const origins = originRules(settings.corsOrigins, deps.config);
    await events.register(cookie);
    // With credentials browsers do not take `*`, so the origin is named back to them. A preflight does not carry the
    // key, so it is answered for all sources together; the request itself is held to its own source's list.
    await events.register(cors, {
      origin: (origin, answer) => answer(null, origin !== undefined && origins.mayAsk(origin) ? true : NONE),
      credentials: true,
      methods: ['POST'],
      // The last two come from Segment's and RudderStack's browser SDKs.
      allowedHeaders: ['Authorization', 'Content-Type', 'X-Pipeline-Key', 'X-Retry-Count', 'AnonymousId'],
      exposedHeaders: ['Retry-After'],
      maxAge: 7200,
      strictPreflight: false,
    });
    const intake = new Intake({
      config: deps.config,
      authenticator: new Authenticator({ config: deps.config, now: () => deps.clock.now() }),
      appender: new EventAppender({ ...deps, metrics, maxPendingBytes: settings.maxPendingBytes }),
      limiter: new RateLimiter(),
      metrics,
      origins,
      rateLimitRps: settings.rateLimitRps,
      now: () => deps.clock.now(),
      newMessageId: () => `evt_${deps.ids.uuid()}`,
      visitors: {
        domains: new CookieDomains(settings.cookieDomain),
        newId: () => `df_${deps.ids.uuid()}`,
      },
    });
    limitAddresses(events, settings.rateLimitIpRps, () => deps.clock.now());
    eventRoutes(events, intake);
    batchRoute(events, intake, settings.maxBatchSize);
    enrichRoute(events, intake);
    pixelRoutes(events, intake, deps.config);
    segmentRoutes(events, deps.config);
    webhookRoute(events, intake, {
      config: deps.config,
      now: () => deps.clock.now(),
      maxBatchSize: settings.maxBatchSize,
    });
  });
  return app;
}

/** A `false` would leave the preflight unanswered, that is, to be a 404. */
const NONE: string[] = [];

/** Before a body is read: what is refused here is to cost as little as can be. */
function limitAddresses(app: FastifyInstance, rps: number, now: () => number): void {
  if (rps === 0) return;
  const limiter = new RateLimiter();
  app.addHook('onRequest', (request, reply, done) => {
    const wait = request.method === 'OPTIONS' ? 0 : limiter.take(networkOf(request.ip), rps, now());
    if (wait === 0) done();
    else replyRefusal(reply, refuse('ADDRESS_RATE_LIMITED', '', { retryAfterSeconds: wait }));
  });
}

function refusalOfHeaders({ headers, httpVersion }: IncomingMessage): Refusal | undefined {
  if (headers.host === undefined && httpVersion === '1.1') {
    return refuse('MALFORMED_REQUEST', 'the Host header is missing');
  }
  return isKnownEncoding(headers['content-encoding']) ? undefined : refuse('UNSUPPORTED_ENCODING');
}
