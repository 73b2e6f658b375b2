import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SIGNER, sampleExport, signerOf, textOfAll } from '../../api/audit/testing/sample-export.ts';
import { toNdjson } from '../../api/index.ts';
import { start } from '../../api/testing/harness.ts';
import { packageRoot } from '../../cli/package-root.ts';
import { describeWithAuditTools, PYTHON } from './tools.ts';

const SCRIPT = join(packageRoot(), 'docs/verify_config_log.py');
const SIZE = 24;

describeWithAuditTools("the auditor's Python script", () => {
  let directory: string;
  let files = 0;
  let whole: string;
  let lines: readonly string[];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signal-audit-'));
    whole = await textOfAll(toNdjson(await sampleExport(SIZE, [5, 12, SIZE])));
    lines = whole.split('\n').slice(0, -1);
  });

  afterAll(() => rm(directory, { recursive: true }));

  /** What the script says, after its exit code. */
  async function verify(content: string | Buffer, key = SIGNER.key.text): Promise<string> {
    const file = join(directory, `${files++}.ndjson`);
    await writeFile(file, content);
    return run([file, key]);
  }

  const run = (args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      execFile(PYTHON, [SCRIPT, ...args], (error, stdout, stderr) =>
        resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
      );
    });

  const verifyLines = (changed: readonly string[]): Promise<string> =>
    verify(changed.map((line) => `${line}\n`).join(''));

  it('is short enough to be read', async () => {
    expect((await readFile(SCRIPT, 'utf8')).split('\n').length).toBeLessThan(121);
  });

  it('finds good exports valid, and the root that we find', async () => {
    for (const [size, signedAt] of [
      [0, []],
      [1, [1]],
      [SIZE, [SIZE]],
      [100, [1, 2, 3, 64, 65, 100]],
    ] as const) {
      const source = await sampleExport(size, signedAt);
      const root = source.tree.tree.root().toString('base64');
      expect(await verify(await textOfAll(toNdjson(source)))).toBe(`0 valid: ${size} events, root ${root}\n`);
    }
  });

  it('verifies the access log as well, and names what was done to it', async () => {
    const running = await start();
    try {
      for (let i = 0; i < 7; i++) {
        await running.post('/v1/admin/sources', { name: ' ', type: 'web' });
        if (i === 3) await running.get('/v1/admin/access-log/export');
      }
      const { public_key: key } = (await running.get('/v1/admin/access-log/public-key')).json();
      const { root } = (await running.get('/v1/admin/access-log/verify')).json();
      const text = (await running.get('/v1/admin/access-log/export')).body;
      expect(await verify(text, key)).toBe(`0 valid: 7 events, root ${root}\n`);
      const all = text.split('\n');
      expect(await verify(all.toSpliced(5, 1).join('\n'), key)).toBe('2 INVALID: event 5 was removed\n');
      expect(await verify(text.replace('"command.rejected"', '"command.accepted"'), key)).toMatch(
        /^2 INVALID: event 1 was altered/,
      );
    } finally {
      await running.stop();
    }
  });

  it('believes only the keys it is given, of which there may be several', async () => {
    const other = signerOf(2).key.text;
    expect(await verify(whole, other)).toMatch(
      /^2 INVALID: a checkpoint is not signed by a key that was named/,
    );
    const file = join(directory, 'whole.ndjson');
    await writeFile(file, whole);
    expect(await run([file, other, SIGNER.key.text])).toMatch(/^0 valid/);
  });

  it('says that it cannot verify what it cannot read, and how it is used', async () => {
    expect(await run([join(directory, 'nothing'), SIGNER.key.text])).toMatch(/^1 it could not be verified/);
    expect(await run([])).toMatch(/^1 Verifies an export/);
  });

  it('finds any flipped byte, and names the event it is in', async () => {
    const bytes = Buffer.from(whole);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const said = await verify(flipped);
        expect(said).toMatch(/^2 INVALID: /);
        const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length;
        // A line that is none any more is the header's, an event's, or the first of the checkpoints.
        if (line > 0 && line <= SIZE) expect(said).toMatch(new RegExp(`event ${line} was altered`));
      }),
      { numRuns: 40 },
    );
  });

  it('names the event that was dropped, swapped or inserted', async () => {
    const place = fc.integer({ min: 1, max: SIZE });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('drop', 'swap', 'insert'), place, place, async (kind, i, j) => {
        fc.pre(i !== j);
        const [a, b] = [lines[i] ?? '', lines[j] ?? ''];
        const first = Math.min(i, j);
        if (kind === 'drop')
          expect(await verifyLines(lines.toSpliced(i, 1))).toBe(`2 INVALID: event ${i} was removed\n`);
        else if (kind === 'swap')
          expect(await verifyLines(lines.with(i, b).with(j, a))).toBe(
            `2 INVALID: events were reordered: event ${Math.max(i, j)} stands in the place of event ${first}\n`,
          );
        else
          expect(await verifyLines(lines.toSpliced(i, 0, b))).toBe(
            `2 INVALID: an event was inserted before event ${i}\n`,
          );
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['the last checkpoint is gone', () => lines.slice(0, -1), /event 13 is not signed/],
    ['all checkpoints are gone', () => lines.slice(0, SIZE + 1), /event 1 is not signed/],
    ['a checkpoint between is gone', () => lines.toSpliced(SIZE + 2, 1), /INVALID/],
    [
      'the header says another size',
      () => lines.with(0, (lines[0] ?? '').replace('"size":24', '"size":25')),
      /around the events/,
    ],
    [
      'the header names another log',
      () => lines.with(0, (lines[0] ?? '').replace('"origin":"a', '"origin":"b')),
      /around the events/,
    ],
    [
      'another schema is given',
      () => lines.with(0, (lines[0] ?? '').replace('"reason"', '"cause"')),
      /schema [0-9]+ is not the one signed/,
    ],
    [
      'a field is there twice',
      () => lines.with(3, (lines[3] ?? '').replace('{"sequence":3', '{"sequence":9,"sequence":3')),
      /event 3 was altered/,
    ],
  ])('finds that %s', async (_, change, message) => {
    const said = await verifyLines(change());
    expect(said).toMatch(/^2 INVALID/);
    expect(said).toMatch(message);
  });
});
