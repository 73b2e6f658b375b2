import type {
  Batch,
  DeliveryLimits,
  JsonObject,
  Outcome,
  Secrets,
  VendorDefinition,
  VendorRequest,
  Verdict,
} from '../integrations/index.ts';
import type { Clock } from './clock.ts';
import type { HttpClient } from './http/client.ts';
import type { IntegrationMetrics } from './metrics.ts';
import { DELIVERY_REASONS, type DeliveryReason } from './reasons.ts';
import { redact } from './redact.ts';
import { parseRetryAfter } from './retry-schedule.ts';

/** Decrypted credentials of an integration, as they are now. */
export type SecretsOf = (integrationId: string) => Secrets | Promise<Secrets>;

/** One request made for a batch, and what came of it. */
export interface Attempt {
  readonly verdict: Verdict;
  /** `null`: no answer. */
  readonly httpStatus: number | null;
  readonly latencyMs: number;
  /** How long the vendor asks to wait. */
  readonly retryAfterMs: number | undefined;
}

/** Resolves to `undefined` if the signal stopped it: then nothing is known of the outcome. Never rejects. */
export type Send = (batch: Batch, signal: AbortSignal) => Promise<Attempt | undefined>;

export interface SenderOptions {
  readonly integrationId: string;
  readonly definition: VendorDefinition;
  readonly settings: JsonObject;
  readonly limits: DeliveryLimits;
  readonly secretsOf: SecretsOf;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly metrics: IntegrationMetrics;
}

/** Credentials meet the request here and nowhere else; what leaves again is redacted. */
export function sender(options: SenderOptions): Send {
  const { integrationId, definition, settings, limits, secretsOf, http, clock, metrics } = options;

  return async (batch, signal) => {
    const startedAt = clock.now();
    const withoutAnswer = (kind: 'retry' | 'dead', reason: DeliveryReason, detail?: string): Attempt => ({
      verdict: { kind: 'all', outcome: { kind, reason, detail: detail ?? DELIVERY_REASONS[reason] } },
      httpStatus: null,
      latencyMs: clock.now() - startedAt,
      retryAfterMs: undefined,
    });

    let secrets: Secrets;
    try {
      secrets = await secretsOf(integrationId);
    } catch {
      return withoutAnswer('retry', 'CREDENTIALS_UNAVAILABLE');
    }

    let request: VendorRequest;
    try {
      request = definition.request({ batch, settings, secrets, now: startedAt });
    } catch {
      return withoutAnswer('dead', 'REQUEST_INVALID');
    }

    const finish = metrics.requestStarted();
    const result = await http.send(request, { timeoutMs: limits.timeoutMs, signal });
    if (result.kind === 'failed' && signal.aborted) {
      finish('aborted');
      return undefined;
    }
    if (result.kind === 'failed') {
      finish('none');
      const final = result.reason === 'ADDRESS_REFUSED' || result.reason === 'REQUEST_INVALID';
      return withoutAnswer(final ? 'dead' : 'retry', result.reason, redact(result.detail, secrets));
    }
    const { response } = result;
    finish(`${Math.floor(response.status / 100)}xx`);
    return {
      verdict: redacted(
        understand(() => definition.classify(response, batch), batch),
        secrets,
      ),
      httpStatus: response.status,
      latencyMs: clock.now() - startedAt,
      retryAfterMs: parseRetryAfter(response.headers['retry-after'], clock.now()),
    };
  };
}

/** An answer that the vendor's rules cannot make sense of says nothing about the events: try again. */
function understand(classify: () => Verdict, batch: Batch): Verdict {
  try {
    const verdict = classify();
    if (verdict.kind !== 'each' || verdict.outcomes.length === batch.items.length) return verdict;
  } catch {
    // Told below.
  }
  const reason: DeliveryReason = 'ANSWER_UNREADABLE';
  return { kind: 'all', outcome: { kind: 'retry', reason, detail: DELIVERY_REASONS[reason] } };
}

function redacted(verdict: Verdict, secrets: Secrets): Verdict {
  const clean = (outcome: Outcome): Outcome =>
    outcome.kind === 'delivered' ? outcome : { ...outcome, detail: redact(outcome.detail, secrets) };
  switch (verdict.kind) {
    case 'all':
      return { kind: 'all', outcome: clean(verdict.outcome) };
    case 'each':
      return { kind: 'each', outcomes: verdict.outcomes.map(clean) };
    case 'split':
      return { ...verdict, detail: redact(verdict.detail, secrets) };
    default:
      return verdict satisfies never;
  }
}
