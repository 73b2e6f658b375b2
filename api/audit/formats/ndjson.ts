import type { Witness } from '../../../config/index.ts';
import type { LogExport } from './export.ts';

export interface HeaderLine {
  /** See `AuditedLog`. */
  readonly format: string;
  readonly origin: string;
  readonly publicKeys: readonly string[];
  readonly size: number;
  /** By id: the schema in Parsing Canonical Form, as text. */
  readonly schemas: readonly (readonly [id: number, canonical: string])[];
}

/** First line. Every line has one spelling, so that a verifier can tell when a byte of it was changed. */
export function headerLine({ format, origin, publicKeys, size, schemas }: HeaderLine): string {
  const rest = JSON.stringify({ format, origin, public_keys: publicKeys, size });
  const listed = schemas.map(([id, canonical]) => `"${id}":${canonical}`);
  return `${rest.slice(0, -1)},"schemas":{${listed.join(',')}}}`;
}

/** A line for each event, in order. `value`: what the bytes say, in Avro's JSON encoding; null if nothing. */
export const eventLine = (record: Buffer, sequence: number | null, value: object | null): string =>
  JSON.stringify({ sequence, record: record.toString('base64'), event: value });

/** Last lines, in order. */
export const checkpointLine = (note: string, { first, hashes }: NonNullable<Witness['leaves']>): string =>
  JSON.stringify({ checkpoint: note, first_leaf: first, leaf_hashes: hashes.toString('base64') });

/** The whole export, in chunks of whole lines. */
export async function* toNdjson<E>(source: LogExport<E>): AsyncIterable<string> {
  const schemas = source.schemas.map(({ id, canonical }) => [id, canonical] as const);
  yield `${headerLine({ ...source, format: source.of.format, schemas })}\n`;
  for await (const events of source.events())
    yield joined(
      events.map(({ record, read }) => eventLine(record, read?.sequence ?? null, read?.value ?? null)),
    );
  for (const { note, leaves } of source.checkpoints) yield `${checkpointLine(note, leaves)}\n`;
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
