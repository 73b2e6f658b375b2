import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { casesIn, checkCase } from './check.ts';

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
    expect(checkCase(unknown).problems).toHaveLength(1);
  });
});
