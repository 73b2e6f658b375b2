import type { SourceType, WebhookSettings as WebhookRecord } from '../schemas/index.ts';
import { compileJsonPath } from './json-path.ts';
import { isDangerousName, listed, oneOf } from './one-of.ts';
import { type Rejection, reject } from './rejections.ts';
import { WEBHOOK_PROVIDERS, type WebhookSettings } from './resources/source-settings.ts';

const MAX_MAPPINGS = 100;
/** RFC 9110, 5.6.2. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** What a mapping can fill: a field of the canonical event, or a place in one of its free-form parts. */
const TARGET_FIELDS = ['event', 'name', 'userId', 'anonymousId', 'groupId', 'messageId', 'timestamp'];
const TARGET_PLACE = /^(properties|traits|context)(\.[A-Za-z0-9_$-]{1,100}){1,5}$/;

const bad = (field: string, message: string): Rejection => reject('INVALID_WEBHOOK', field, message);

export const webhookOf = (record: WebhookRecord): WebhookSettings => ({
  ...record,
  provider: oneOf(WEBHOOK_PROVIDERS)(record.provider) ?? 'custom',
});

/** Why a source of this type cannot have them, if so. Null: none are given. */
export function webhookFault(type: SourceType, record: WebhookRecord | null): Rejection | undefined {
  if (record === null) return undefined;
  if (type !== 'webhook') return bad('webhook', `a source of type ${type} takes no webhooks: leave it out`);
  const { provider, signatureHeader, eventTypePath, mappings } = record;
  if (oneOf(WEBHOOK_PROVIDERS)(provider) === undefined)
    return bad('webhook.provider', `the provider must be one of ${listed(WEBHOOK_PROVIDERS)}`);
  if (signatureHeader !== null && provider !== 'custom')
    return bad('webhook.signatureHeader', `${provider} has a header of its own: leave it out`);
  if (signatureHeader !== null && !HEADER_NAME.test(signatureHeader))
    return bad('webhook.signatureHeader', 'this is not the name of a header, such as X-Signature');
  if (eventTypePath !== null)
    return pathFault('webhook.eventTypePath', eventTypePath) ?? mappingsFault(mappings);
  return mappingsFault(mappings);
}

function mappingsFault(mappings: Readonly<Record<string, string>>): Rejection | undefined {
  const entries = Object.entries(mappings);
  if (entries.length > MAX_MAPPINGS) return bad('webhook.mappings', `at most ${MAX_MAPPINGS} mappings`);
  const targets = new Set(Object.keys(mappings));
  for (const [target, path] of entries) {
    const field = `webhook.mappings.${target.slice(0, 200)}`;
    const fault = targetFault(field, target, targets) ?? pathFault(field, path);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function targetFault(field: string, target: string, targets: ReadonlySet<string>): Rejection | undefined {
  const parts = target.split('.');
  if (!TARGET_FIELDS.includes(target) && (!TARGET_PLACE.test(target) || parts.some(isDangerousName)))
    return reject(
      'INVALID_MAPPING',
      field,
      `a mapping fills ${listed(TARGET_FIELDS)}, or a place in properties, traits or context such as properties.total`,
    );
  const within = parts.map((_, index) => parts.slice(0, index).join('.')).find((outer) => targets.has(outer));
  return within === undefined
    ? undefined
    : reject('INVALID_MAPPING', field, `${within} is filled as well, which leaves no place for this`);
}

function pathFault(field: string, text: string): Rejection | undefined {
  return compileJsonPath(text) === undefined
    ? reject('INVALID_JSON_PATH', field, 'a JSONPath (RFC 9535) looks like $.data.object.id')
    : undefined;
}
