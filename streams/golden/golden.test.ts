import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { casesIn, checkCase, checkFolder } from './check.ts';

const cases = casesIn(fileURLToPath(new URL('cases', import.meta.url)));

describe('the same topology and input give what Apache Kafka Streams 4.1 gave', () => {
  it('in every case of the collection', () => {
    expect(cases.length).toBeGreaterThanOrEqual(21);
  });

  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    expect(checkCase(golden).problems).toEqual([]);
  });

  it('reports a case that nobody has written a topology for', () => {
    const unknown = { ...(cases[0] as (typeof cases)[number]), name: 'never-heard-of' };
    expect(checkCase(unknown).problems).toEqual([
      'no topology is written for it; add "never-heard-of" to streams/golden/topologies',
    ]);
  });

  it('reports files that are no cases, and checks the others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'golden-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'a.json'), '{ "name": ');
    writeFileSync(join(folder, 'b.json'), JSON.stringify({ name: 'count-by-key' }));
    const { finalStores: _, changelogs: __, ...without } = cases[0] as (typeof cases)[number];
    writeFileSync(join(folder, 'c.json'), JSON.stringify(without));
    const [broken, incomplete, fine] = checkFolder(folder);
    expect(broken).toEqual({ name: 'a.json', problems: [expect.stringMatching(/^cannot be read: /)] });
    expect(incomplete).toEqual({ name: 'b.json', problems: ['cannot be read: it has no "topics"'] });
    expect(fine).toEqual({ name: without.name, problems: [] });
  });
});
