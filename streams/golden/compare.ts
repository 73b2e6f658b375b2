import { isDeepStrictEqual } from 'node:util';
import type { GoldenCase, GoldenOutput, GoldenRun } from './golden-case.ts';

/**
 * What differs, in sentences; empty if nothing does. Order counts within a topic and step, not across topics. Headers
 * count unless `timeMovesOutput`: of records that are sent because time moved, Kafka copies those of whatever record
 * moved it.
 */
export function differences(golden: GoldenCase, run: GoldenRun, timeMovesOutput: boolean): string[] {
  const found: string[] = [];
  const topics = Object.entries(golden.topics).filter(([, { dir }]) => dir === 'out');
  golden.input.forEach((_, step) => {
    for (const [topic] of topics) {
      const expected = golden.output.filter((record) => record.step === step && record.topic === topic);
      const actual = run.output.filter((record) => record.step === step && record.topic === topic);
      const length = Math.max(expected.length, actual.length);
      for (let index = 0; index < length; index++) {
        const [want, got] = [expected[index], actual[index]];
        if (!isSame(want, got, timeMovesOutput))
          found.push(sentence(`step ${step}, ${topic}[${index}]`, want, got));
      }
    }
  });
  for (const field of ['finalStores', 'finalStoreTimestamps', 'changelogs'] as const) {
    for (const [store, want] of Object.entries(golden[field])) {
      const got = run[field][store];
      if (!isDeepStrictEqual(want, got)) found.push(sentence(`${field} of ${store}`, want, got));
    }
  }
  return found;
}

function isSame(
  want: GoldenOutput | undefined,
  got: GoldenOutput | undefined,
  ignoreHeaders: boolean,
): boolean {
  if (want === undefined || got === undefined) return want === got;
  const { headers: wanted = [], ...expected } = want;
  const { headers: given = [], ...actual } = got;
  return isDeepStrictEqual(expected, actual) && (ignoreHeaders || isDeepStrictEqual(wanted, given));
}

const sentence = (where: string, want: unknown, got: unknown): string =>
  `${where}: Kafka has ${JSON.stringify(want) ?? 'nothing'}, this has ${JSON.stringify(got) ?? 'nothing'}`;
