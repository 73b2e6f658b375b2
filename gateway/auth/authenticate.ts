import type { FastifyRequest } from 'fastify';
import { type Body, decodeBody } from '../body.ts';
import { isRefusal, type Refusal, refuse } from '../errors.ts';
import type { GatewaySource, SourceDirectory } from '../sources.ts';
import { isBrowserCall } from '../visitor.ts';
import { keyAtStart, keyInBasicAuth, keyInBody, keyInHeaders, keyInQuery, noSource } from './pipeline-key.ts';
import { ReplayGuard } from './replay-guard.ts';
import { isSigned, verifySignature } from './signature.ts';

export interface Caller {
  readonly source: GatewaySource;
  /** Parsed at the latest when it is called for. */
  readonly body: () => Body | Refusal;
  /** Of a signed call: to be called when it is refused after all, so that it may be sent again as it was. */
  readonly release?: () => void;
  /** For events without a messageId. Of a signed call they are the same whenever and wherever it comes again: another
   * process, or this one after a restart, takes it for new. Left out: any will do. */
  readonly newMessageId?: () => string;
}

export interface AuthenticatorDeps {
  readonly config: SourceDirectory;
  readonly now: () => number;
}

/** Who sends: a pipeline key names the source; a signature, where there is one, proves it. */
export class Authenticator {
  readonly #deps: AuthenticatorDeps;
  /** One per source, so that the load of one does not narrow the window of another. */
  readonly #guards = new Map<string, ReplayGuard>();

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps;
  }

  /**
   * The source a request belongs to, and its body. A key may stand in the body, but where the headers have one, or the
   * body begins with one, it is not parsed for that: nobody is to have the gateway parse what it will refuse anyway.
   */
  authenticate(request: FastifyRequest): Caller | Refusal {
    const { config } = this.#deps;
    const stated = keyInHeaders(request.headers);
    const user = stated === undefined ? keyInBasicAuth(request.headers) : undefined;
    const first = stated ?? user ?? keyAtStart(request.body);
    const known = first === undefined ? undefined : config.sourceByKey(first);
    if (known !== undefined) return this.#admit(request, known, () => decodeBody(request));
    if (stated !== undefined) return noSource(stated);

    const body = decodeBody(request);
    if (isRefusal(body)) return body;
    const key = keyInBody(body.json) ?? keyInQuery(request.query) ?? user;
    const source = key === undefined ? undefined : config.sourceByKey(key);
    return source === undefined ? noSource(key) : this.#admit(request, source, () => body);
  }

  #admit(request: FastifyRequest, source: GatewaySource, body: Caller['body']): Caller | Refusal {
    request.sourceId = source.id;
    const claim = this.#claim(request, source);
    return isRefusal(claim) ? claim : { source, body, ...claim };
  }

  #claim(request: FastifyRequest, source: GatewaySource): Claim | Refusal {
    const { headers, body } = request;
    if (!isSigned(headers)) {
      const isRefused = source.requireSignature && !isBrowserCall(request, source);
      return isRefused ? refuse('SIGNATURE_MISSING', 'X-Signature') : UNSIGNED;
    }
    const { config } = this.#deps;
    const now = this.#deps.now();
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const signature = verifySignature(headers, bytes, config.signingSecrets(source.id), now);
    if (isRefusal(signature)) {
      return config.lacksSecrets?.(source.id) ? refuse('SIGNATURE_UNVERIFIABLE') : signature;
    }

    const guard = this.#guardOf(source.id);
    const { digest, timestamp } = signature;
    switch (guard.claim(digest, timestamp, now)) {
      case 'new':
        return { release: () => guard.release(digest, timestamp), newMessageId: messageIdsOf(digest) };
      case 'seen':
        return refuse('SIGNATURE_REPLAYED');
      case 'too old':
        return refuse('SIGNATURE_EXPIRED');
    }
  }

  #guardOf(sourceId: string): ReplayGuard {
    const known = this.#guards.get(sourceId);
    if (known !== undefined) return known;
    for (const id of this.#guards.keys()) {
      if (this.#deps.config.sourceById(id) === undefined) this.#guards.delete(id);
    }
    const guard = new ReplayGuard();
    this.#guards.set(sourceId, guard);
    return guard;
  }
}

type Claim = Omit<Caller, 'source' | 'body'>;

const UNSIGNED: Claim = {};

function messageIdsOf(digest: string): () => string {
  let count = 0;
  return () => `evt_${Buffer.from(digest, 'latin1').toString('hex')}_${count++}`;
}
