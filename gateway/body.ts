import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { isRefusal, type Refusal, refuse } from './errors.ts';
import { inflate } from './inflate.ts';

export interface Body {
  readonly json: unknown;
  /** Inflated. */
  readonly bytes: number;
}

/** The content-type parser kept the exact bytes, over which signatures are; they are inflated only here, when it is
 * known whose they are, if their headers say that. */
export function decodeBody({ body, headers, routeOptions }: FastifyRequest): Body | Refusal {
  if (!Buffer.isBuffer(body) || body.length === 0) return refuse('INVALID_JSON', 'it is empty');
  const raw = inflate(body, headers['content-encoding'], routeOptions.bodyLimit);
  if (isRefusal(raw)) return raw;
  if (raw.length === 0) return refuse('INVALID_JSON', 'it is empty');
  // Decoding would replace bad bytes by U+FFFD and change ids without anyone knowing.
  if (!isUtf8(raw)) return refuse('INVALID_ENCODING');
  const text = raw.toString('utf8');
  try {
    return {
      json: JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text),
      bytes: raw.length,
    };
  } catch (error) {
    // V8's message quotes the body; only the position in it is passed on.
    const position = error instanceof SyntaxError ? /at position \d+/.exec(error.message)?.[0] : undefined;
    return refuse('INVALID_JSON', `the syntax is wrong ${position ?? 'or it ends too early'}`);
  }
}

const BYTE_ORDER_MARK = 0xfeff;
