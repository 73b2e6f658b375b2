import type { Consent, Context, EnrichedEvent } from '../../schemas/index.ts';
import { type JsonObject, type JsonValue, parseObject } from '../json.ts';

/**
 * An enriched event as mappings see it. Make one per event and give it to every integration's mapping: its JSON
 * fields are parsed when first read, and once.
 *
 * What it returns is shared between integrations and must not be changed.
 */
export class EventView {
  readonly enriched: EnrichedEvent;
  #properties: JsonObject | undefined;
  #traits: JsonObject | undefined;
  #groupTraits: JsonObject | undefined;
  #extra: JsonObject | undefined;
  #context: JsonObject | undefined;

  constructor(enriched: EnrichedEvent) {
    this.enriched = enriched;
  }

  get userId(): string | null {
    return this.enriched.event.userId ?? this.enriched.identity.userId;
  }

  get groupId(): string | null {
    return this.enriched.event.groupId ?? this.enriched.identity.groupId;
  }

  get properties(): JsonObject {
    this.#properties ??= parseObject(this.enriched.event.properties);
    return this.#properties;
  }

  /** What is known of the user; those that the event brings itself come last, so they win. Those of a group event
   * are the group's. */
  get traits(): JsonObject {
    const { event, identity } = this.enriched;
    this.#traits ??= merged(identity.traits, event.type === 'group' ? EMPTY_TEXT : event.traits);
    return this.#traits;
  }

  get groupTraits(): JsonObject {
    const { event, identity } = this.enriched;
    this.#groupTraits ??= merged(identity.groupTraits, event.type === 'group' ? event.traits : EMPTY_TEXT);
    return this.#groupTraits;
  }

  /** Context the schema has no field for. */
  get contextExtra(): JsonObject {
    this.#extra ??= parseObject(this.enriched.event.context.extra);
    return this.#extra;
  }

  get vendorIds(): JsonObject {
    return overlay(this.enriched.identity.vendorIds, this.enriched.event.context.vendorIds);
  }

  get clickIds(): JsonObject {
    return overlay(this.enriched.identity.clickIds, this.enriched.event.context.clickIds);
  }

  /** The context in the canonical event's own form: camelCase, without what is absent. */
  get context(): JsonObject {
    this.#context ??= canonicalContext(this.enriched.event.context, this.contextExtra);
    return this.#context;
  }
}

const EMPTY_TEXT = '{}';

const merged = (known: string, own: string): JsonObject => overlay(parseObject(known), parseObject(own));

function overlay(below: JsonObject, above: JsonObject): JsonObject {
  if (isEmpty(above)) return below;
  return isEmpty(below) ? above : { ...below, ...above };
}

function canonicalContext(context: Context, extra: JsonObject): JsonObject {
  return {
    ...extra,
    ...present({
      ip: context.ip,
      userAgent: context.userAgent,
      locale: context.locale,
      timezone: context.timezone,
      page: nested(context.page),
      campaign: nested(context.campaign),
      screen: nested(context.screen),
      library: nested(context.library),
      consent: consentObject(context.consent),
      clickIds: nested(context.clickIds),
      vendorIds: nested(context.vendorIds),
    }),
  };
}

export function consentObject(consent: Consent | null): JsonValue {
  return consent === null ? null : { categories: consent.categories, canonical: consent.canonical };
}

/** A record without its nulls; `null` if nothing is left. */
export function nested(record: object | null): JsonValue {
  if (record === null) return null;
  const object = present({ ...record });
  return isEmpty(object) ? null : object;
}

function present(record: Readonly<Record<string, JsonValue>>): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

export function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false;
  return true;
}
