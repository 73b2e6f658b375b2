import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import avro from 'avsc';
import type { ConfigEvent } from '../../schemas/index.ts';

/** From here or from where it was compiled to. */
export const FIXTURES = join(process.cwd(), 'config/testing/fixtures');

export interface StoredLog {
  /** `0001-first-release` */
  readonly name: string;
  /** As JSON text: what the events were written with. */
  readonly schema: string;
  readonly events: readonly ConfigEvent[];
  /** What must be true of the state that the events fold to, in the form of `factsOf`; states may say more by now. */
  readonly expected: object;
}

/** Writes an Avro object container file, which carries its schema; refuses to replace one. */
export async function writeLog(path: string, schema: object, events: readonly ConfigEvent[]): Promise<void> {
  const encoder = new avro.streams.BlockEncoder(JSON.parse(JSON.stringify(schema)), { codec: 'null' });
  await pipeline(Readable.from(events), encoder, createWriteStream(path, { flags: 'wx' }));
}

/** The logs of every earlier shape, oldest first. */
export async function storedLogs(folder = FIXTURES): Promise<StoredLog[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.avro')).toSorted();
  return Promise.all(files.map((file) => readLog(folder, basename(file, '.avro'))));
}

async function readLog(folder: string, name: string): Promise<StoredLog> {
  const events: ConfigEvent[] = [];
  let schema = '';
  const decoder = new avro.streams.BlockDecoder();
  decoder.on('metadata', (_type: unknown, _codec: unknown, header: { meta: Record<string, Buffer> }) => {
    schema = header.meta['avro.schema']?.toString('utf8') ?? '';
  });
  decoder.on('data', (event: ConfigEvent) => events.push(event));
  const done = once(decoder, 'end');
  decoder.end(await readFile(join(folder, `${name}.avro`)));
  await Promise.all([done, finished(decoder, { readable: false })]);
  const expected: object = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  return { name, schema, events, expected };
}
