import { leafHash } from '../../../config/index.ts';
import type { LogExport } from './export.ts';

/** For spreadsheets (RFC 4180). A record that cannot be read has its leaf hash only. */
export async function* toCsv<E>(source: LogExport<E>): AsyncIterable<string> {
  const { columns } = source.of;
  yield row(['sequence', ...columns.map(([name]) => name), 'leaf_hash']);
  for await (const events of source.events())
    yield events
      .map(({ record, read, event }) =>
        row([
          read?.sequence,
          ...columns.map(([, value]) => (event === undefined ? undefined : value(event))),
          leafHash(record).toString('hex'),
        ]),
      )
      .join('');
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
