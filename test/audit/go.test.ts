import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, start } from '../../api/testing/harness.ts';
import { describeWithAuditTools, VERIFY_GO } from './tools.ts';

interface Document {
  readonly public_key: string;
  /** In base64. */
  readonly records: readonly string[];
  readonly checkpoints: readonly string[];
  readonly inclusion: readonly Inclusion[];
  readonly consistency: readonly Consistency[];
}

interface Inclusion {
  readonly sequence: number;
  readonly hashes: readonly string[];
  readonly checkpoint: string;
}

interface Consistency {
  readonly hashes: readonly string[];
  readonly from_checkpoint: string;
  readonly to_checkpoint: string;
}

/** Where each log is audited, and what adds to it. */
const LOGS = {
  config: (running: Running, i: number) =>
    running.post('/v1/admin/sources', { name: `Source ${i}`, type: 'web' }),
  'access-log': (running: Running) => running.post('/v1/admin/sources', { name: ' ', type: 'web' }),
} as const;

for (const [path, add] of Object.entries(LOGS))
  describeWithAuditTools(`Go's own verifiers, on ${path},`, () => {
    let running: Running;
    let document: Document;

    const getText = async (of: string): Promise<string> =>
      (await running.get(`/v1/admin/${path}/${of}`)).body;
    const getJson = async (of: string) => JSON.parse(await getText(of));

    /** Everything the API says of its log, and of itself at every size it was signed at. */
    beforeAll(async () => {
      running = await start();
      for (let i = 1; i <= 20; i++) {
        await add(running, i);
        if (i % 3 === 0 || i === 20) await getText('export');
      }
      const lines = (await getText('export'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const { data } = await getJson('checkpoints?limit=100');
      const sizes: number[] = data.map(({ size }: { size: number }) => size);
      const inclusion: Inclusion[] = [];
      const consistency: Consistency[] = [];
      for (const [i, size] of sizes.entries()) {
        for (let sequence = 1; sequence <= size; sequence++)
          inclusion.push(await getJson(`proof/inclusion?sequence=${sequence}&size=${size}`));
        for (const to of sizes.slice(i))
          consistency.push(await getJson(`proof/consistency?from=${size}&to=${to}`));
      }
      document = {
        public_key: (await getJson('public-key')).public_key,
        records: lines.flatMap(({ record }) => (record === undefined ? [] : [record])),
        checkpoints: data.map(({ note }: { note: string }) => note),
        inclusion,
        consistency,
      };
    });

    afterAll(() => running?.stop());

    /** What the program says, after its exit code. */
    const verify = (given: Document): Promise<string> =>
      new Promise((resolve, reject) => {
        const child = execFile(VERIFY_GO, (error, stdout, stderr) =>
          resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
        );
        child.on('error', reject);
        child.stdin?.end(JSON.stringify(given));
      });

    const changed = <T>(list: readonly T[], at: number, change: (item: T) => T): T[] =>
      list.map((item, i) => (i === at ? change(item) : item));

    const otherHash = (hashes: readonly string[]): string[] =>
      changed(hashes, 0, () => Buffer.alloc(32, 1).toString('base64'));

    it('find every checkpoint and every proof right', async () => {
      const { checkpoints, inclusion, consistency } = document;
      expect(checkpoints).toHaveLength(7);
      expect(await verify(document)).toBe(
        `0 ${checkpoints.length} checkpoints, ${inclusion.length} inclusion proofs, ${consistency.length} consistency proofs\n`,
      );
    });

    it.each([
      [
        'checkpoint',
        (given: Document) => ({
          ...given,
          checkpoints: changed(given.checkpoints, 3, (note) =>
            note.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`),
          ),
        }),
        'invalid signature',
      ],
      [
        'record',
        (given: Document) => ({ ...given, records: changed(given.records, 5, () => 'AAAA') }),
        'another root',
      ],
      [
        'inclusion proof',
        (given: Document) => ({
          ...given,
          inclusion: changed(given.inclusion, 30, (proof) => ({ ...proof, hashes: otherHash(proof.hashes) })),
        }),
        'invalid transparency proof',
      ],
      [
        'consistency proof',
        (given: Document) => ({
          ...given,
          consistency: changed(given.consistency, 2, (proof) => ({
            ...proof,
            hashes: otherHash(proof.hashes),
          })),
        }),
        'invalid transparency proof',
      ],
    ])('find a wrong %s wrong', async (_, change, message) => {
      const said = await verify(change(document));
      expect(said).toMatch(/^1 /);
      expect(said).toContain(message);
    });
  });
