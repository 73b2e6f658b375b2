import type { EventType } from '../../schemas/index.ts';
import { isObject, type JsonObject } from './fields.ts';

/**
 * An event as Segment's or RudderStack's SDKs word it, in our own words; ours is returned as it is. What they say and
 * we have no field for (`integrations`, `channel`) becomes context, where filters can read it; the SDKs' bookkeeping
 * (`_metadata`, `writeKey`, `rudderId`) stays where it is ignored. Where both wordings are there, ours wins.
 *
 * Sources: https://segment.com/docs/connections/spec/common/,
 * https://www.rudderstack.com/docs/event-spec/standard-events/common-fields/
 */
export function inOurWords(input: JsonObject, type: EventType): JsonObject {
  // What is neither is refused later.
  if (!isAbsentOrObject(input.context) || !isAbsentOrObject(input.traits)) return input;
  const given = input.context ?? NOTHING;
  if (isInOurWords(input, given)) return input;
  const ownTraits = type === 'group' ? undefined : traitsOf(given);
  const added = { ...alsoContext(input), ...consentOf(given) };
  const properties = propertiesOf(input, type);
  if (ownTraits === undefined && properties === undefined && isEmpty(added)) return input;

  const { traits: _, ...others } = given;
  const context = { ...(ownTraits === undefined ? given : others), ...added };
  const traits = ownTraits === undefined ? input.traits : { ...ownTraits, ...input.traits };
  return { ...input, context, traits, properties: properties ?? input.properties };
}

const NOTHING: JsonObject = {};

/** Whether nothing is there that could be worded otherwise: most events, which are to cost no more than to see that. */
function isInOurWords({ integrations, channel, category }: JsonObject, context: JsonObject): boolean {
  return (
    integrations === undefined &&
    channel === undefined &&
    category === undefined &&
    context.traits === undefined &&
    context.consentManagement === undefined &&
    (!isObject(context.consent) || context.consent.categoryPreferences === undefined)
  );
}

/** The user's, which for a group event differ from the event's own. */
function traitsOf({ traits }: JsonObject): JsonObject | undefined {
  return isObject(traits) && !isEmpty(traits) ? traits : undefined;
}

/** A page's or screen's category stands beside its name. */
function propertiesOf({ category, properties }: JsonObject, type: EventType): JsonObject | undefined {
  const isNamed = type === 'page' || type === 'screen';
  if (!isNamed || typeof category !== 'string' || !isAbsentOrObject(properties)) return undefined;
  return { category, ...properties };
}

function alsoContext({ integrations, channel, context }: JsonObject): JsonObject {
  const stated = isObject(context) ? context : NOTHING;
  return {
    ...(isObject(integrations) && !isEmpty(integrations) && stated.integrations === undefined
      ? { integrations }
      : NOTHING),
    ...(typeof channel === 'string' && stated.channel === undefined ? { channel } : NOTHING),
  };
}

/** Segment: `consent.categoryPreferences`. RudderStack: `consentManagement`, with lists of what is allowed and what is
 * denied. Both name the consent platform's own categories. */
function consentOf({ consent, consentManagement }: JsonObject): JsonObject {
  if (isObject(consent)) {
    const { categoryPreferences, ...rest } = consent;
    if (!isObject(categoryPreferences) || rest.categories !== undefined) return NOTHING;
    return { consent: { ...rest, categories: categoryPreferences } };
  }
  if (!isObject(consentManagement)) return NOTHING;
  const allowed = namesIn(consentManagement.allowedConsentIds).map((name) => [name, true] as const);
  const denied = namesIn(consentManagement.deniedConsentIds).map((name) => [name, false] as const);
  const flags = [...allowed, ...denied];
  return flags.length === 0 ? NOTHING : { consent: { categories: Object.fromEntries(flags) } };
}

function namesIn(list: unknown): readonly string[] {
  if (Array.isArray(list)) return list.filter((name) => typeof name === 'string');
  return isObject(list) ? Object.keys(list) : [];
}

const isAbsentOrObject = (value: unknown): value is JsonObject | null | undefined =>
  value === undefined || value === null || isObject(value);

function isEmpty(object: JsonObject): boolean {
  for (const _ in object) return false;
  return true;
}
