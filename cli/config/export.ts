import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type AuditedLog, type LogExport, toAvro, toCsv, toNdjson } from '../../api/index.ts';
import type { Settings } from '../settings.ts';
import { findLog } from './log-source.ts';
import { withStoredLogs } from './stored-log.ts';

export const EXPORT_FORMATS = ['ndjson', 'csv', 'avro'] as const;

export interface ExportFlags {
  readonly api?: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly out?: string;
}

const WRITERS: { readonly [F in ExportFlags['format']]: <E>(source: LogExport<E>) => Readable } = {
  ndjson: (source) => Readable.from(toNdjson(source)),
  csv: (source) => Readable.from(toCsv(source)),
  avro: toAvro,
};

/** A whole log, to standard output or a file only this user can read. */
export async function exportLog<E>(
  settings: Settings,
  { api, format, out }: ExportFlags,
  of: AuditedLog<E>,
): Promise<void> {
  const source = await findLog(settings, api);
  const write = async (stream: Readable): Promise<void> => {
    if (out === undefined) await pipeline(stream, process.stdout, { end: false });
    else await pipeline(stream, createWriteStream(out, { mode: 0o600 }));
  };
  if (source.kind === 'api')
    return write(Readable.from(await source.api.stream(`${of.file}/export?format=${format}`)));
  await withStoredLogs(settings, async ({ audit }) =>
    write(WRITERS[format](await (await audit(of)).export())),
  );
}
