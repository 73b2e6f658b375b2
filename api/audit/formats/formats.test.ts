import { Readable } from 'node:stream';
import avro from 'avsc';
import { describe, expect, it } from 'vitest';
import { leafHash, openCheckpoint } from '../../../config/index.ts';
import type { ConfigEvent } from '../../../schemas/index.ts';
import { SIGNER, sampleEvent, sampleExport, textOfAll } from '../testing/sample-export.ts';
import { toAvro } from './avro.ts';
import { toCsv } from './csv.ts';
import type { LogExport } from './export.ts';
import { toNdjson } from './ndjson.ts';

const UNREADABLE = Buffer.from('not an event');

/** Ends with an event that cannot be read. */
async function withUnreadable(source: LogExport<ConfigEvent>): Promise<LogExport<ConfigEvent>> {
  return {
    ...source,
    async *events() {
      yield* source.events();
      yield [{ record: UNREADABLE, read: undefined, event: undefined }];
    },
  };
}

describe('NDJSON', () => {
  it('is a header, a line for each event, and the checkpoints', async () => {
    const source = await sampleExport(3, [2, 3]);
    const text = await textOfAll(toNdjson(source));
    expect(text.endsWith('}\n')).toBe(true);
    const [header, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const id = String(source.schemas[0]?.id);
    expect(header).toEqual({
      format: 'signal-config-export/1',
      origin: 'audit.example/config',
      public_keys: [SIGNER.key.text],
      size: 3,
      schemas: { [id]: expect.objectContaining({ name: 'signal.config.ConfigEvent', type: 'record' }) },
    });
    expect(lines.slice(0, 3).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(lines[1].event).toMatchObject({
      sequence: 2,
      commandId: 'cmd-2',
      actor: { kind: 'user', ip: { string: '192.0.2.1' } },
      payload: { 'signal.config.SourceCreated': { sourceId: 'src_2' } },
    });
    expect(leafHash(Buffer.from(lines[1].record, 'base64'))).toEqual(source.tree.tree.leaf(1));
    expect(lines.slice(3).map(({ checkpoint, first_leaf }) => [checkpoint, first_leaf])).toEqual([
      [source.checkpoints[0]?.note, 0],
      [source.checkpoints[1]?.note, 2],
    ]);
  });

  it('has the bytes of what cannot be read', async () => {
    const text = await textOfAll(toNdjson(await withUnreadable(await sampleExport(1))));
    expect(text).toContain(`\n{"sequence":null,"record":"${UNREADABLE.toString('base64')}","event":null}\n`);
  });
});

describe('CSV', () => {
  const parse = (text: string): string[][] =>
    text
      .split('\r\n')
      .slice(0, -1)
      .map((line) =>
        [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gs)].map(([, quoted, bare]) =>
          (quoted ?? bare ?? '').replaceAll('""', '"'),
        ),
      );

  it('has a row for each event that keeps what people wrote', async () => {
    const source = await sampleExport(6);
    const [columns = [], ...rows] = parse(await textOfAll(toCsv(source)));
    const column = (name: string): (string | undefined)[] => rows.map((row) => row[columns.indexOf(name)]);
    expect(column('sequence')).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(column('type').slice(0, 2)).toEqual(['integration.installed', 'source.created']);
    expect(column('time')[0]).toBe('2023-11-14T22:13:20.001Z');
    expect(column('leaf_hash')[5]).toBe(source.tree.tree.leaf(5).toString('hex'));
    expect(column('actor_name')[1]).toBe(sampleEvent(2).actor.name);
    expect(JSON.parse(column('payload')[1] ?? '')).toMatchObject({
      sourceId: 'src_2',
      name: sampleEvent(2).actor.name,
    });
  });

  it('has no cell that a spreadsheet would run', async () => {
    const [, ...rows] = parse(await textOfAll(toCsv(await sampleExport(6))));
    const cells = rows.flat();
    expect(cells).toContain(`'=HYPERLINK("https://x.example","y")`);
    expect(cells).toContain(`' +1`);
    expect(cells.filter((cell) => /^\s*[=+@-]/.test(cell))).toEqual([]);
  });

  it('shows no sealed secret', async () => {
    expect(await textOfAll(toCsv(await sampleExport(6)))).not.toContain('v1.sec_');
  });

  it('has only the hash of what cannot be read', async () => {
    const rows = parse(await textOfAll(toCsv(await withUnreadable(await sampleExport(1)))));
    expect(rows[2]).toEqual([...Array(12).fill(''), leafHash(UNREADABLE).toString('hex')]);
  });
});

describe('an Avro file', () => {
  it('holds every event, typed, with its bytes, and the newest checkpoint', async () => {
    const source = await sampleExport(5, [3, 5]);
    const chunks: Buffer[] = [];
    for await (const chunk of toAvro(await withUnreadable(source))) chunks.push(chunk);
    const rows: { leafHash: Buffer; record: Buffer; event: unknown }[] = [];
    let metadata: Record<string, Buffer> = {};
    const decoder = new avro.streams.BlockDecoder();
    decoder.on('metadata', (_type: unknown, _codec: unknown, header: { meta: Record<string, Buffer> }) => {
      metadata = header.meta;
    });
    for await (const row of Readable.from(chunks).pipe(decoder)) rows.push(row);
    expect(rows.map(({ leafHash: hash }) => hash)).toEqual([
      ...Array.from({ length: 5 }, (_, i) => source.tree.tree.leaf(i)),
      leafHash(UNREADABLE),
    ]);
    expect(rows.every(({ record, leafHash: hash }) => leafHash(record).equals(hash))).toBe(true);
    expect(rows[3]?.event).toMatchObject({ sequence: 4, resourceId: 'res_4' });
    expect(rows[5]?.event).toBeNull();
    expect(openCheckpoint(metadata['signal.checkpoint']?.toString() ?? '', [SIGNER.key])).toMatchObject({
      checkpoint: { size: 5 },
    });
  });
});
