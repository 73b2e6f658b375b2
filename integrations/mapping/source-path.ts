import type { Context } from '../../schemas/index.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { consentObject, type EventView, isEmpty, nested } from './event-view.ts';

/** Reads one value of an event; `undefined` when it is not there (or `null`). */
export type Source = (view: EventView) => JsonValue | undefined;

type Field = (view: EventView) => JsonValue;
type ObjectField = (view: EventView) => JsonObject;

const context =
  (read: (context: Context) => JsonValue | undefined): Field =>
  (view) =>
    read(view.enriched.event.context) ?? null;

/** Paths that end here. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['type', (view) => view.enriched.event.type],
  ['event', (view) => view.enriched.event.event],
  ['name', (view) => view.enriched.event.name],
  ['message_id', (view) => view.enriched.event.messageId],
  ['anonymous_id', (view) => view.enriched.event.anonymousId],
  ['user_id', (view) => view.userId],
  ['group_id', (view) => view.groupId],
  ['previous_id', (view) => view.enriched.event.previousId],
  ['timestamp', (view) => view.enriched.event.timestamp],
  ['sent_at', (view) => view.enriched.event.sentAt],
  ['received_at', (view) => view.enriched.receivedAt],
  ['source_id', (view) => view.enriched.sourceId],
  ['context', (view) => view.context],
  ['context.ip', context(({ ip }) => ip)],
  ['context.user_agent', context(({ userAgent }) => userAgent)],
  ['context.locale', context(({ locale }) => locale)],
  ['context.timezone', context(({ timezone }) => timezone)],
  ['context.page', context(({ page }) => nested(page))],
  ['context.page.url', context(({ page }) => page?.url)],
  ['context.page.path', context(({ page }) => page?.path)],
  ['context.page.referrer', context(({ page }) => page?.referrer)],
  ['context.page.title', context(({ page }) => page?.title)],
  ['context.page.search', context(({ page }) => page?.search)],
  ['context.campaign', context(({ campaign }) => nested(campaign))],
  ['context.campaign.source', context(({ campaign }) => campaign?.source)],
  ['context.campaign.medium', context(({ campaign }) => campaign?.medium)],
  ['context.campaign.name', context(({ campaign }) => campaign?.name)],
  ['context.campaign.term', context(({ campaign }) => campaign?.term)],
  ['context.campaign.content', context(({ campaign }) => campaign?.content)],
  ['context.screen', context(({ screen }) => nested(screen))],
  ['context.screen.width', context(({ screen }) => screen?.width)],
  ['context.screen.height', context(({ screen }) => screen?.height)],
  ['context.screen.density', context(({ screen }) => screen?.density)],
  ['context.library', context(({ library }) => nested(library))],
  ['context.library.name', context(({ library }) => library?.name)],
  ['context.library.version', context(({ library }) => library?.version)],
  ['context.consent', context(({ consent }) => consentObject(consent))],
]);

const NOTHING: JsonObject = Object.freeze({});

/** Objects of which any part can be named, and the whole. An empty one counts as absent, but for `properties`, which
 * every event has. */
const OBJECTS: ReadonlyMap<string, ObjectField> = new Map<string, ObjectField>([
  ['properties', (view) => view.properties],
  ['traits', (view) => view.traits],
  ['group_traits', (view) => view.groupTraits],
  ['vendor_ids', (view) => view.vendorIds],
  ['click_ids', (view) => view.clickIds],
  ['consent.canonical', (view) => view.enriched.event.context.consent?.canonical ?? NOTHING],
  ['consent.categories', (view) => view.enriched.event.context.consent?.categories ?? NOTHING],
  ['context.consent.canonical', (view) => view.enriched.event.context.consent?.canonical ?? NOTHING],
  ['context.consent.categories', (view) => view.enriched.event.context.consent?.categories ?? NOTHING],
]);

/**
 * The reader of a source path, or `undefined` if there is no such path. A path is one of the names above, or a part
 * of one of the objects: `properties.products.0.price`. Other names under `context` are looked up in what the client
 * sent beyond the schema: `context.device.type`. Only own properties are seen.
 */
export function compileSource(path: string): Source | undefined {
  const field = FIELDS.get(path);
  if (field !== undefined) return (view) => field(view) ?? undefined;
  const whole = OBJECTS.get(path);
  if (whole !== undefined) return wholeObject(path, whole);
  const segments = path.split('.');
  if (segments.includes('')) return undefined;
  for (let depth = segments.length - 1; depth > 0; depth--) {
    const object = OBJECTS.get(segments.slice(0, depth).join('.'));
    if (object !== undefined) return walker(object, segments.slice(depth));
  }
  const isClientContext = segments[0] === 'context' && !FIELDS.has(segments.slice(0, 2).join('.'));
  return isClientContext ? walker((view) => view.contextExtra, segments.slice(1)) : undefined;
}

function wholeObject(path: string, object: ObjectField): Source {
  if (path === 'properties') return object;
  return (view) => {
    const value = object(view);
    return isEmpty(value) ? undefined : value;
  };
}

function walker(object: ObjectField, segments: readonly string[]): Source {
  return (view) => {
    let value: JsonValue = object(view);
    for (const segment of segments) {
      const next = own(value, segment);
      if (next === undefined || next === null) return undefined;
      value = next;
    }
    return value;
  };
}

function own(value: JsonValue, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Array.isArray(value) ? value[Number(key)] : value[key];
}
