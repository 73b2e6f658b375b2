import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../config/index.ts';
import { toNdjson } from './formats/ndjson.ts';
import { SIGNER, sampleExport, signerOf, textOfAll } from './testing/sample-export.ts';
import { type ExportToVerify, type VerifiedExport, verifyExport } from './verify-export.ts';

const SIZE = 24;

let whole: string;
let lines: readonly string[];

beforeAll(async () => {
  whole = await textOfAll(toNdjson(await sampleExport(SIZE, [5, 12, SIZE])));
  lines = whole.split('\n').slice(0, -1);
});

async function* chunks(text: string | Buffer, size = 1000): AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const verify = (text: string | Buffer, more: Partial<ExportToVerify> = {}): Promise<VerifiedExport> =>
  verifyExport({ chunks: chunks(text), keys: [SIGNER.key], ...more });

const verifyLines = (changed: readonly string[]): Promise<VerifiedExport> =>
  verify(changed.map((line) => `${line}\n`).join(''));

const shown = (problem: Problem | undefined): string | undefined =>
  problem && `${problem.kind} ${problem.sequence ?? problem.message}`;

describe('an export', () => {
  it('is valid as it was made, however it arrives', async () => {
    for (const size of [1, 7, 1_000_000])
      expect(await verify('', { chunks: chunks(whole, size) })).toMatchObject({
        valid: true,
        size: SIZE,
        signedSize: SIZE,
        problem: undefined,
        checkpoint: expect.stringContaining(`\n${SIZE}\n`),
      });
  });

  it('is valid with no event in it', async () => {
    expect(await verify(await textOfAll(toNdjson(await sampleExport(0, []))))).toMatchObject({
      valid: true,
      size: 0,
    });
  });

  it('is not valid for who believes another key', async () => {
    const { valid, problem } = await verify(whole, { keys: [signerOf(2).key] });
    expect(valid).toBe(false);
    expect(problem?.message).toContain('a key that is not believed');
    expect((await verify(whole, { keys: [signerOf(2).key, SIGNER.key] })).valid).toBe(true);
  });

  it('that was made anew with the same key is not valid for who kept a checkpoint', async () => {
    const anew = await textOfAll(toNdjson(await sampleExport(SIZE - 1, [12, SIZE - 1])));
    const kept = (await sampleExport(SIZE)).checkpoints.map(({ note }) => note);
    expect((await verify(anew)).valid).toBe(true);
    expect(shown((await verify(anew, { remembered: kept })).problem)).toBe(`removed ${SIZE}`);
    expect((await verify(whole, { remembered: kept })).valid).toBe(true);
  });

  it.each([
    ['nothing', (): string[] => [], 'export line 1 is not the header of an export'],
    ['only a header', () => lines.slice(0, 1), `export its header says ${SIZE} events; there are 0`],
    ['no checkpoint', () => lines.slice(0, SIZE + 1), 'inserted 1'],
    ['the last checkpoint removed', () => lines.slice(0, -1), 'inserted 13'],
    [
      'a checkpoint in the middle removed',
      () => lines.toSpliced(SIZE + 2, 1),
      'checkpoint the leaf hashes kept with checkpoint 24',
    ],
    ['a line of nothing', () => lines.toSpliced(4, 0, ''), 'inserted 4'],
    ['an event behind its checkpoints', () => [...lines, lines[3] ?? ''], 'inserted 25'],
    [
      'a space more in its header',
      () => lines.with(0, (lines[0] ?? '').replace(':', ': ')),
      'export line 1 is not the header',
    ],
    [
      'a field twice in a checkpoint',
      () => lines.with(-1, (lines.at(-1) ?? '').replace('"first_leaf":12', '"first_leaf":0,"first_leaf":12')),
      'checkpoint the line of the 3. checkpoint',
    ],
    [
      'another size in its header',
      () => lines.with(0, (lines[0] ?? '').replace('"size":24', '"size":25')),
      'export its header says 25',
    ],
    [
      'another name in its header',
      () => lines.with(0, (lines[0] ?? '').replace('"origin":"audit', '"origin":"Audit')),
      'export its header names another log',
    ],
    [
      'a field twice',
      () => lines.with(3, (lines[3] ?? '').replace('{"sequence":3', '{"sequence":9,"sequence":3')),
      'altered 3',
    ],
    ['a space more', () => lines.with(3, (lines[3] ?? '').replace(':', ': ')), 'altered 3'],
    ['another text shown', () => lines.with(3, (lines[3] ?? '').replace('cmd-3', 'cmd-4')), 'altered 3'],
    [
      'another schema',
      () => lines.with(0, (lines[0] ?? '').replace('"reason"', '"cause"')),
      'is not the one that checkpoint 5 was signed for',
    ],
    [
      'no schema',
      () => lines.with(0, (lines[0] ?? '').replace(/"schemas":\{"[0-9]+"/, '"schemas":{"99"')),
      'is missing that checkpoint 5 was signed for',
    ],
  ])('with %s is not valid', async (_, change, expected) => {
    const { valid, problem } = await verifyLines(change());
    expect(valid).toBe(false);
    expect(shown(problem)).toContain(expected);
  });
});

describe('tampering with an export', () => {
  /** Of the line that holds the byte: 0 for the header, else the event's sequence; beyond, a checkpoint. */
  const lineAt = (at: number): number =>
    Buffer.from(whole)
      .subarray(0, at)
      .filter((byte) => byte === 0x0a).length;

  it('is found wherever a byte is flipped, and the event named if it is in one', async () => {
    const bytes = Buffer.from(whole);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const { valid, problem } = await verify(flipped);
        expect(valid).toBe(false);
        const line = lineAt(at);
        if (line === 0)
          expect(problem).toMatchObject({ kind: expect.stringMatching(/export|schema|altered|removed/) });
        else if (line <= SIZE) expect(shown(problem)).toBe(`altered ${line}`);
        else expect(problem).toMatchObject({ kind: 'checkpoint' });
      }),
      { numRuns: 700 },
    );
  });

  const place = fc.integer({ min: 1, max: SIZE });

  it('is found and named whichever event is dropped', async () => {
    for (let at = 1; at <= SIZE; at++)
      expect(shown((await verifyLines(lines.toSpliced(at, 1))).problem)).toBe(`removed ${at}`);
  });

  it('is found and named whichever events are swapped', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (i, j) => {
        fc.pre(i !== j);
        const swapped = lines.with(i, lines[j] ?? '').with(j, lines[i] ?? '');
        expect(shown((await verifyLines(swapped)).problem)).toBe(`reordered ${Math.min(i, j)}`);
      }),
    );
  });

  it('is found and named wherever an event is inserted: a copy, or one well made', async () => {
    const other = await sampleExport(60, [60]);
    const forged = (await textOfAll(toNdjson(other))).split('\n');
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 60 }), async (at, from) => {
        // A copy beside its original is the original, seen from the other side.
        fc.pre(from !== at && from !== SIZE + 1);
        const { problem } = await verifyLines(lines.toSpliced(at, 0, forged[from] ?? ''));
        expect(shown(problem)).toBe(`inserted ${at}`);
      }),
    );
  });
});
