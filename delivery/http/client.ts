import { isIP } from 'node:net';
import { Agent, type Dispatcher, request as send } from 'undici';
import type { VendorRequest, VendorResponse } from '../../integrations/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { DeliveryReason } from '../reasons.ts';
import { addressGuard } from './address-guard.ts';
import { AddressRefused, guardedLookup, type Resolve } from './guarded-lookup.ts';

/** One HTTP exchange with a vendor. Never rejects: what went wrong is an answer too. Redirects are not followed. */
export interface HttpClient {
  send(request: VendorRequest, options: SendOptions): Promise<HttpResult>;
  close(): Promise<void>;
}

export interface SendOptions {
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type HttpResult =
  | { readonly kind: 'response'; readonly response: VendorResponse }
  | {
      readonly kind: 'failed';
      readonly reason: Extract<
        DeliveryReason,
        'NETWORK_ERROR' | 'TIMEOUT' | 'ADDRESS_REFUSED' | 'REQUEST_INVALID'
      >;
      readonly detail: string;
    };

export interface HttpClientOptions {
  /** Private ranges that may be reached all the same (`SIGNAL_ALLOWED_CIDRS`). */
  readonly allowedCidrs?: readonly string[] | undefined;
  readonly clock?: Clock | undefined;
  readonly connectTimeoutMs?: number | undefined;
  readonly resolve?: Resolve | undefined;
}

const MAX_RESPONSE_BYTES = 64 * 1024;
const USER_AGENT = 'Datafly-Signal';

export function httpClient(options: HttpClientOptions = {}): HttpClient {
  const guard = addressGuard(options.allowedCidrs);
  const clock = options.clock ?? systemClock;
  const agent = new Agent({
    connect: {
      lookup: guardedLookup(guard, options.resolve),
      timeout: options.connectTimeoutMs ?? 10_000,
    },
    keepAliveTimeout: 30_000,
    maxHeaderSize: 32 * 1024,
  });

  return {
    async send(request, { timeoutMs, signal }) {
      if (!URL.canParse(request.url)) return failed('REQUEST_INVALID', 'the URL is not valid');
      const url = new URL(request.url);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // A socket looks no address up, so the guarded lookup would not be asked.
      if (isIP(host) !== 0 && !guard.allows(host)) return refused(host);

      const deadline = new AbortController();
      const cancel = clock.after(timeoutMs, () => deadline.abort());
      const signals = signal === undefined ? [deadline.signal] : [deadline.signal, signal];
      try {
        const answer = await send(url, {
          dispatcher: agent,
          method: request.method,
          headers: { 'user-agent': USER_AGENT, ...request.headers },
          body: request.body,
          signal: AbortSignal.any(signals),
          // The deadline above counts; undici's own timers would only be less exact.
          headersTimeout: 0,
          bodyTimeout: 0,
        });
        return { kind: 'response', response: await read(answer) };
      } catch (error) {
        if (deadline.signal.aborted) return failed('TIMEOUT', `no answer within ${timeoutMs} ms`);
        return explain(error, host);
      } finally {
        cancel();
      }
    },
    close: () => agent.destroy(),
  };
}

async function read({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<VendorResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk);
    chunks.push(buffer);
    bytes += buffer.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (bytes >= MAX_RESPONSE_BYTES) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_RESPONSE_BYTES).toString('utf8');
  return { status: statusCode, headers: flatten(headers), body: text };
}

function flatten(headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Causes nest: undici wraps the socket's error, a socket that tried several addresses wraps one for each. */
function explain(error: unknown, host: string): HttpResult {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AddressRefused) return refused(host);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return failed('REQUEST_INVALID', 'a header or the URL is not valid');
  }
  const reason = code === 'UND_ERR_CONNECT_TIMEOUT' ? 'TIMEOUT' : 'NETWORK_ERROR';
  return failed(reason, `${host}: ${code === '' ? 'connection failed' : code}`);
}

function refused(host: string): HttpResult {
  return failed('ADDRESS_REFUSED', `${host} is a private address; allow it with SIGNAL_ALLOWED_CIDRS`);
}

type Failure = Extract<HttpResult, { kind: 'failed' }>;

function failed(reason: Failure['reason'], detail: string): Failure {
  return { kind: 'failed', reason, detail };
}
