import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose, unprovenLeaves, type Witness } from './diagnose.ts';
import { EventTree } from './event-tree.ts';
import { leafHash } from './hashes.ts';

const SCHEMA = leafHash(Buffer.from('a schema'));

/** An event that is nothing but its number and a text. */
interface Event {
  readonly sequence: number | undefined;
  readonly text: string;
}

const logOf = (events: readonly Event[]): EventTree => {
  const log = new EventTree();
  for (const { sequence, text } of events)
    log.add(
      Buffer.from(`${sequence} ${text}`),
      sequence === undefined ? undefined : { sequence, schemaId: 1, schema: SCHEMA },
    );
  return log;
};

const events = (size: number): Event[] =>
  Array.from({ length: size }, (_, i) => ({ sequence: i + 1, text: 'as it was' }));

/** Checkpoints at these sizes, each with the leaf hashes since the one before, or without any. */
function witnessesOf(original: readonly Event[], sizes: readonly number[], withLeaves: boolean): Witness[] {
  const { tree } = logOf(original);
  return sizes.map((size, i): Witness => {
    const first = sizes[i - 1] ?? 0;
    const hashes = Array.from({ length: size - first }, (_, at) => tree.leaf(first + at));
    const leaves = withLeaves ? { first, hashes: Buffer.concat(hashes) } : undefined;
    return { size, root: tree.root(size), name: `checkpoint ${size}`, leaves };
  });
}

const FORGED: Event = { sequence: 5, text: 'forged' };

const swap = (list: readonly Event[], i: number, j: number): Event[] =>
  list.map((event, at) => (at === i ? list[j] : at === j ? list[i] : undefined) ?? event);

describe('a log that nobody touched', () => {
  it('has no fault, with or without witnesses', () => {
    fc.assert(
      fc.property(fc.nat({ max: 60 }), fc.array(fc.nat({ max: 60 })), fc.boolean(), (size, cuts, leaves) => {
        const sizes = [...new Set(cuts.filter((cut) => cut <= size))].sort((a, b) => a - b);
        const witnesses = witnessesOf(events(size), sizes, leaves);
        expect(diagnose(logOf(events(size)), witnesses)).toBeUndefined();
        expect(leaves && unprovenLeaves(logOf(events(size)), witnesses)).toBeFalsy();
      }),
    );
  });
});

const altered = (list: readonly Event[], i: number): Event[] =>
  list.map((event, at) => (at === i ? { ...event, text: 'as it was nevre' } : event));

/** Ten events, checkpoints at 4 and 10. What is seen with leaf hashes, and with roots alone. */
const CASES: readonly [string, Event[], exact: string, byRoots: string][] = [
  ['altered', altered(events(10), 6), 'altered 7', 'altered 5-10'],
  ['altered before the first checkpoint', altered(events(10), 0), 'altered 1', 'altered 1-4'],
  ['made unreadable', events(10).with(6, { sequence: undefined, text: '' }), 'altered 7', 'altered 7'],
  ['removed', events(10).toSpliced(6, 1), 'removed 7', 'removed 7'],
  ['removed at the start', events(10).slice(1), 'removed 1', 'removed 1'],
  ['removed at the end', events(9), 'removed 10', 'removed 10'],
  ['removed with all after it', events(2), 'removed 3', 'removed 3'],
  ['all removed', [], 'removed 1', 'removed 1'],
  [
    'removed, and those after it numbered anew',
    events(9).map((event, i) => (i < 6 ? event : { ...event, text: 'as the next was' })),
    'altered 7',
    'removed 10',
  ],
  ['swapped', swap(events(10), 6, 8), 'reordered 7', 'reordered 7'],
  ['swapped across checkpoints', swap(events(10), 2, 8), 'reordered 3', 'reordered 3'],
  ['inserted', events(10).toSpliced(4, 0, FORGED), 'inserted 5', 'inserted 5-6'],
  [
    'inserted with a number of its own',
    events(10).toSpliced(4, 0, { sequence: 99, text: 'forged' }),
    'inserted 5',
    'inserted 5',
  ],
  [
    'copied to an earlier place',
    events(10).toSpliced(4, 0, ...events(8).slice(7)),
    'inserted 5',
    'inserted 5',
  ],
  ['copied to a later place', events(10).toSpliced(7, 0, ...events(2).slice(1)), 'inserted 8', 'inserted 8'],
  ['copied over another', events(10).with(7, { sequence: 2, text: 'as it was' }), 'altered 8', 'altered 8'],
  ['appended after the last checkpoint, out of turn', [...events(10), FORGED], 'inserted 11', 'inserted 11'],
];

describe('an event', () => {
  const shown = (log: EventTree, withLeaves: boolean): string | undefined => {
    const fault = diagnose(log, witnessesOf(events(10), [4, 10], withLeaves));
    if (fault === undefined) return undefined;
    const { kind, sequence, upTo } = fault;
    return upTo === sequence ? `${kind} ${sequence}` : `${kind} ${sequence}-${upTo}`;
  };

  it.each(CASES)('that was %s is named exactly, given leaf hashes', (_, tampered, exact) => {
    expect(shown(logOf(tampered), true)).toBe(exact);
  });

  it.each(CASES)('that was %s is named as far as roots tell', (_, tampered, __, byRoots) => {
    expect(shown(logOf(tampered), false)).toBe(byRoots);
  });

  it('from behind the last checkpoint is known by its number', () => {
    const witnesses = witnessesOf(events(10), [10], true);
    expect(diagnose(logOf(swap(events(12), 3, 11)), witnesses)).toMatchObject({
      kind: 'reordered',
      sequence: 4,
    });
    expect(diagnose(logOf(events(12).toSpliced(8, 2)), witnesses)).toMatchObject({
      kind: 'removed',
      sequence: 9,
    });
  });
});

describe('any tampering', () => {
  const size = fc.integer({ min: 2, max: 40 });
  const tampering = fc.record({
    kind: fc.constantFrom('alter', 'drop', 'swap', 'insert', 'copy'),
    at: fc.nat(),
    other: fc.nat(),
  });

  it('is noticed, and its first event is the one named, or among those named', () => {
    fc.assert(
      fc.property(size, fc.array(fc.nat()), tampering, (length, cuts, { kind, at, other }) => {
        const original = events(length);
        const sizes = [...new Set([...cuts.map((cut) => cut % length), length])].sort((a, b) => a - b);
        const [i, j] = [at % length, other % length];
        // One that claims to follow the last event cannot be told from one that did, and was moved.
        fc.pre(kind !== 'insert' || other % 50 !== length + 1);
        const tampered = {
          alter: () => altered(original, i),
          drop: () => original.toSpliced(i, 1),
          swap: () => swap(original, i, j),
          insert: () => original.toSpliced(i, 0, { sequence: other % 50, text: 'forged' }),
          copy: () => original.toSpliced(i, 0, original[j] ?? FORGED),
        }[kind]();
        const [before, after] = [logOf(original).tree, logOf(tampered).tree];
        let first = 0;
        while (first < length && first < after.size && before.leaf(first).equals(after.leaf(first))) first++;
        fc.pre(first < length);

        const exact = diagnose(logOf(tampered), witnessesOf(original, sizes, true));
        expect(exact).toMatchObject({ sequence: first + 1, upTo: first + 1 });
        const expected = {
          alter: 'altered',
          drop: 'removed',
          swap: 'reordered',
          insert: 'inserted',
          copy: 'inserted',
        };
        expect(exact?.kind).toBe(expected[kind]);

        const rough = diagnose(logOf(tampered), witnessesOf(original, sizes, false));
        expect(rough?.sequence).toBeLessThanOrEqual(first + 1);
        expect(rough?.upTo).toBeGreaterThanOrEqual(first + 1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('leaf hashes', () => {
  const original = events(10);

  it('that do not give the root are not believed, and are named', () => {
    const [first, last] = witnessesOf(original, [4, 10], true);
    const hashes = Buffer.from(last?.leaves?.hashes ?? '');
    hashes[40] = (hashes[40] ?? 0) ^ 1;
    const witnesses = [first, last && { ...last, leaves: { first: 4, hashes } }].filter(
      (each) => each !== undefined,
    );
    expect(unprovenLeaves(logOf(original), witnesses)?.size).toBe(10);
    expect(diagnose(logOf(original), witnesses)).toBeUndefined();
    expect(diagnose(logOf(altered(original, 5)), witnesses)).toMatchObject({ sequence: 5, upTo: 10 });
    expect(diagnose(logOf(altered(original, 2)), witnesses)).toMatchObject({ sequence: 3, upTo: 3 });
  });

  it('may be noted twice, and may be missing from the middle', () => {
    const [a, b, c] = witnessesOf(original, [4, 7, 10], true);
    const twice = [a, b, b, c].filter((each) => each !== undefined);
    expect(unprovenLeaves(logOf(original), twice)).toBeUndefined();
    expect(diagnose(logOf(altered(original, 8)), twice)).toMatchObject({ sequence: 9, upTo: 9 });
    const gap = [a, c].filter((each) => each !== undefined);
    expect(unprovenLeaves(logOf(original), gap)?.size).toBe(10);
    expect(diagnose(logOf(altered(original, 8)), gap)).toMatchObject({ sequence: 5, upTo: 10 });
  });
});
