import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventType } from '../schemas/index.ts';
import type { Authenticator } from './auth/authenticate.ts';
import { isRefusal, type Refusal, refuse } from './errors.ts';
import type { Appended, EventAppender } from './event-appender.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { OriginRules } from './origins.ts';
import type { RateLimiter } from './rate-limit.ts';
import { requestContext } from './request-context.ts';
import type { GatewaySource, SourceDirectory } from './sources.ts';
import type { VendorCookies } from './vendor-cookies.ts';
import {
  rememberVendorIds,
  rememberVisitor,
  type VisitorRules,
  vendorCookiesOf,
  visitorOf,
} from './visitor.ts';

/** What an endpoint finds in a request. */
export interface Inputs {
  readonly events: readonly unknown[];
  /** What the endpoint stands for, `null` where each event says itself. */
  readonly type: EventType | null;
  /** Of all of them; milliseconds since the epoch. */
  readonly sentAt: number | null;
}

/** And how much it was, inflated. */
export interface Brought extends Inputs {
  readonly bytes: number;
}

export interface Collected extends Appended {
  /** Of a browser call: whom the answer names. */
  readonly anonymousId: string | null;
}

export interface Recognised {
  readonly anonymousId: string | null;
  readonly json: unknown;
}

export interface IntakeDeps {
  readonly config: SourceDirectory;
  readonly authenticator: Authenticator;
  readonly appender: EventAppender;
  readonly limiter: RateLimiter;
  readonly metrics: GatewayMetrics;
  readonly visitors: VisitorRules;
  readonly origins: Pick<OriginRules, 'maySend'>;
  readonly rateLimitRps: number;
  readonly now: () => number;
  readonly newMessageId: () => string;
}

/** What every collecting endpoint does with a request; how they differ is only what they `read` out of it. */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** For an endpoint that takes a JSON body from the holder of a pipeline key, or of a signing secret too. */
  collectJson(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (json: unknown) => Inputs | Refusal,
  ): Promise<Collected | Refusal> {
    const caller = this.#deps.authenticator.authenticate(request);
    if (isRefusal(caller)) return Promise.resolve(caller);
    const { source, release, newMessageId } = caller;
    const readBody = (): Brought | Refusal => {
      const body = caller.body();
      if (isRefusal(body)) return body;
      const inputs = read(body.json);
      return isRefusal(inputs) ? inputs : { ...inputs, bytes: body.bytes };
    };
    const collect = () => this.collect(request, reply, source, readBody, newMessageId);
    return release === undefined ? collect() : releasedUnlessStored(collect, release);
  }

  /**
   * For any endpoint, once it knows the source. What the request brought is read only when it is admitted.
   *
   * All is made of the request before this returns, so that nothing of its body is held while the log is written:
   * of a parsed body as many small objects would have to be kept, moved and freed as there are values in it.
   */
  collect(
    request: FastifyRequest,
    reply: FastifyReply,
    source: GatewaySource,
    read: () => Brought | Refusal,
    newMessageId = this.#deps.newMessageId,
  ): Promise<Collected | Refusal> {
    const { config, appender, metrics, visitors, now } = this.#deps;
    const receivedAt = now();
    const inputs = this.#admit(request, source, receivedAt) ?? read();
    if (isRefusal(inputs)) return Promise.resolve(inputs);
    metrics.bytes.inc({ source: source.id }, inputs.bytes);

    const visitor = visitorOf(request, source, visitors);
    const cookies = vendorCookiesOf(request, source, config.consent, receivedAt, visitors);
    const appended = appender.append({
      source,
      endpoint: request.routeOptions.url ?? '',
      configVersion: config.version,
      inputs: inputs.events,
      bytes: inputs.bytes,
      envelope: {
        source: source.type,
        request: requestContext(request, source, cookies),
        receivedAt,
        sentAt: inputs.sentAt,
        type: inputs.type,
        visitor,
        newMessageId,
      },
    });
    return this.#answer(request, reply, visitor === null ? null : { cookies }, appended);
  }

  /** `browser`: of a browser call. */
  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    browser: { readonly cookies: VendorCookies | null } | null,
    appending: Promise<Appended | Refusal>,
  ): Promise<Collected | Refusal> {
    const { visitors } = this.#deps;
    const appended = await appending;
    if (isRefusal(appended)) return appended;
    const anonymousId = browser === null ? null : appended.lastAnonymousId;
    if (browser !== null && anonymousId !== null) {
      rememberVisitor(request, reply, anonymousId, visitors);
      if (browser.cookies !== null) rememberVendorIds(request, reply, browser.cookies, visitors);
    }
    return { ...appended, anonymousId };
  }

  /** For who only asks: whom the events of this browser would belong to, the cookie renewed; `null`: it is none. */
  recognise(request: FastifyRequest, reply: FastifyReply): Recognised | Refusal {
    const { authenticator, visitors, now } = this.#deps;
    const caller = authenticator.authenticate(request);
    if (isRefusal(caller)) return caller;
    const { source, release } = caller;
    const body = this.#admit(request, source, now()) ?? caller.body();
    if (isRefusal(body)) {
      release?.();
      return body;
    }
    const anonymousId = visitorOf(request, source, visitors);
    if (anonymousId !== null) rememberVisitor(request, reply, anonymousId, visitors);
    return { anonymousId, json: body.json };
  }

  #admit(request: FastifyRequest, source: GatewaySource, now: number): Refusal | undefined {
    const { limiter, origins, rateLimitRps } = this.#deps;
    const { origin, 'sec-fetch-site': fetchSite } = request.headers;
    if (origin !== undefined && !origins.maySend(origin, source, fetchSite === 'same-origin')) {
      return refuse('ORIGIN_NOT_ALLOWED');
    }
    const wait = limiter.take(source.id, source.rateLimitRps ?? rateLimitRps, now);
    return wait > 0 ? refuse('RATE_LIMITED', '', { retryAfterSeconds: wait }) : undefined;
  }
}

async function releasedUnlessStored(
  collect: () => Promise<Collected | Refusal>,
  release: () => void,
): Promise<Collected | Refusal> {
  let isStored = false;
  try {
    const collected = await collect();
    isStored = !isRefusal(collected) && collected.accepted > 0;
    return collected;
  } finally {
    if (!isStored) release();
  }
}
