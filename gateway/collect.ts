import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventType } from '../schemas/index.ts';
import { authenticate } from './auth/authenticate.ts';
import { decodeBody } from './body.ts';
import { isRefusal, type Refusal, refuse } from './errors.ts';
import type { Ingest, Ingested } from './ingest.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { RateLimiter } from './rate-limit.ts';
import { requestContext } from './request-context.ts';
import type { SourceDirectory } from './sources.ts';
import { rememberVisitor, type VisitorRules, visitorOf } from './visitor.ts';

/** What an endpoint finds in its body. */
export interface Inputs {
  readonly events: readonly unknown[];
  /** What the endpoint stands for, `null` where each event says itself. */
  readonly type: EventType | null;
  /** Of all of them; milliseconds since the epoch. */
  readonly sentAt: number | null;
}

export interface Collected extends Ingested {
  /** Of a browser call: whom the answer names. */
  readonly anonymousId: string | null;
}

export interface CollectDeps {
  readonly config: SourceDirectory;
  readonly ingest: Ingest;
  readonly limiter: RateLimiter;
  readonly metrics: GatewayMetrics;
  readonly visitors: VisitorRules;
  readonly rateLimitRps: number;
  readonly now: () => number;
  readonly newMessageId: () => string;
}

export type Collect = (
  request: FastifyRequest,
  reply: FastifyReply,
  read: (json: unknown) => Inputs | Refusal,
) => Promise<Collected | Refusal>;

/** What every endpoint that takes events in a JSON body does, in order; `read` is where they differ. */
export function createCollect(deps: CollectDeps): Collect {
  return async (request, reply, read) => {
    const receivedAt = deps.now();

    const caller = authenticate(request, () => decodeBody(request.body), deps.config);
    if (isRefusal(caller)) return caller;
    const { source, body } = caller;
    deps.metrics.bytes.inc({ source: source.id }, body.bytes);

    const wait = deps.limiter.take(source.id, source.rateLimitRps ?? deps.rateLimitRps, receivedAt);
    if (wait > 0) return refuse('RATE_LIMITED', '', { retryAfterSeconds: wait });

    const inputs = read(body.json);
    if (isRefusal(inputs)) return inputs;

    const visitor = visitorOf(request, source, deps.visitors);
    const ingested = await deps.ingest.accept({
      source,
      configVersion: deps.config.version,
      inputs: inputs.events,
      bytes: body.bytes,
      envelope: {
        source: source.type,
        request: requestContext(request),
        receivedAt,
        sentAt: inputs.sentAt,
        type: inputs.type,
        visitor: visitor?.id ?? null,
        newMessageId: deps.newMessageId,
      },
    });
    if (isRefusal(ingested)) return ingested;

    const anonymousId = visitor === null ? null : ingested.lastAnonymousId;
    if (anonymousId !== null) rememberVisitor(request, reply, anonymousId, deps.visitors);
    return { ...ingested, anonymousId };
  };
}
