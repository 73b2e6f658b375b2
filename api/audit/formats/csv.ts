import { leafHash, showEvent } from '../../../config/index.ts';
import type { ConfigExport, ExportedEvent } from './export.ts';

const COLUMNS: readonly (readonly [
  string,
  (exported: ExportedEvent) => string | number | null | undefined,
])[] = [
  ['sequence', ({ event, read }) => event?.sequence ?? read?.sequence],
  ['time', ({ event }) => event && new Date(event.time).toISOString()],
  ['type', ({ event }) => event && showEvent(event).label],
  ['resource_id', ({ event }) => event?.resourceId],
  ['resource_version', ({ event }) => event?.resourceVersion],
  ['actor_kind', ({ event }) => event?.actor.kind],
  ['actor_id', ({ event }) => event?.actor.id],
  ['actor_name', ({ event }) => event?.actor.name],
  ['actor_ip', ({ event }) => event?.actor.ip],
  ['reason', ({ event }) => event?.reason],
  ['command_id', ({ event }) => event?.commandId],
  ['payload', ({ event }) => event && JSON.stringify(showEvent(event).payload)],
  ['leaf_hash', ({ record }) => leafHash(record).toString('hex')],
];

/** For spreadsheets (RFC 4180): what auditors may see of each event, without what is sealed or hashed. An event that
 * cannot be read has its leaf hash only. */
export async function* toCsv(source: ConfigExport): AsyncIterable<string> {
  yield row(COLUMNS.map(([name]) => name));
  for await (const events of source.events())
    yield events.map((event) => row(COLUMNS.map(([, value]) => value(event)))).join('');
}

const row = (values: readonly (string | number | null | undefined)[]): string =>
  `${values.map(cell).join(',')}\r\n`;

/** What a spreadsheet would take for a formula is made text by the apostrophe that stands for that.
 * https://owasp.org/www-community/attacks/CSV_Injection */
function cell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const safe = /^\s*[=+\-@＝＋－＠|]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
