import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal } from '../errors.ts';
import type { JsonObject } from '../normalise/fields.ts';

/** A webhook's request as its sender made it. */
export interface WebhookCall {
  readonly method: string;
  /** The whole address that was called. */
  readonly uri: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Proof {
  /** All are tried. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where the source says it; the big ones have headers of their own. */
  readonly signatureHeader: string | null;
}

/** One thing that happened, in the provider's form. */
export interface Payload {
  readonly json: JsonObject;
  readonly headers: IncomingHttpHeaders;
  /** Of the request; the same when the provider sends it again. */
  readonly bodyDigest: string;
}

/** What an event says where no mapping fills the field: in the canonical event's words, `null` where the payload does
 * not have it. Times are ISO 8601 or milliseconds. */
export interface ProviderEvent {
  /** The provider's own word for what happened, such as `checkout.session.completed`. */
  readonly type: string | null;
  /** The same for the same happening, however often it is sent. */
  readonly messageId: string;
  readonly timestamp: unknown;
  readonly userId: string | null;
  /** Who it is about where it is no user: an event must belong to somebody. */
  readonly anonymousId: string;
  readonly traits: JsonObject;
  readonly properties: JsonObject;
}

/** What differs between those who call. */
export interface Provider {
  /** Why the call is not believed; `undefined`: it is. */
  verify(call: WebhookCall, proof: Proof): Refusal | undefined;
  read(payload: Payload): ProviderEvent;
  /** Our word for a type of theirs, where there is one that mappings of vendors know. */
  readonly names: Readonly<Record<string, string>>;
}
