import type { EventTree } from './event-tree.ts';
import type { MerkleTree } from './merkle-tree.ts';
import { type LeavesOf, type NotedLeaves, notedLeaves } from './noted-leaves.ts';
import type { TreeHead } from './proofs.ts';

/** What was done to a log, as far as the evidence tells. */
export interface Fault {
  readonly kind: 'altered' | 'removed' | 'reordered' | 'inserted';
  /** The first event at fault: the one that was altered or removed, or in whose place another stands. */
  readonly sequence: number;
  /** Where it cannot be told exactly, it is one from `sequence` to here; else the same. */
  readonly upTo: number;
  /** For people. */
  readonly message: string;
}

/** A tree head that is believed, because its signature holds or because it was kept apart from the log. */
export interface Witness extends TreeHead {
  /** In messages: `checkpoint 200`. */
  readonly name: string;
  /** Of the events since the one before. They are believed once they give the root: then each event can be compared
   * by itself. */
  readonly leaves?: LeavesOf | undefined;
}

/**
 * The first event in which a log is not what its witnesses say, or does not count on from the one before; undefined
 * if there is none.
 *
 * Where leaf hashes prove what each event was, the answer is exact. Where only roots do, it lies between the last
 * root that holds and the first that does not, and the events' own numbers tell what they can.
 */
export function diagnose(found: EventTree, witnesses: readonly Witness[]): Fault | undefined {
  const heads = bySize(witnesses);
  const noted = notedLeaves(heads, found.tree);
  const differs = firstDifference(found, noted);
  if (differs !== undefined) return byLeaves(found, noted, differs);

  const breach = firstBreach(found);
  const broken = heads.find((head) => !agrees(found, head));
  const signed = heads.at(-1)?.size ?? 0;
  if (broken === undefined) return breach === undefined ? undefined : bySequence(found, breach, signed);
  if (breach !== undefined && breach < broken.size) return bySequence(found, breach, signed);
  if (found.size < broken.size) {
    const count = `${broken.name} has ${broken.size}`;
    return fault(
      'removed',
      found.size + 1,
      `event ${found.size + 1} was removed: ${count}, ${found.size} are left`,
    );
  }
  const holds = heads.findLast((head) => head.size < broken.size && agrees(found, head));
  const from = (holds?.size ?? 0) + 1;
  const which = from === broken.size ? `event ${from}` : `one of the events ${from} to ${broken.size}`;
  const since = holds === undefined ? '' : `${holds.name} still holds, and `;
  return {
    kind: 'altered',
    sequence: from,
    upTo: broken.size,
    message: `${which} was altered: ${since}${broken.name} does not hold`,
  };
}

/** The first witness whose leaf hashes are missing or do not give its root. Of no weight for the events, which the
 * root alone proves; but somebody changed them. */
export function unprovenLeaves(found: EventTree, witnesses: readonly Witness[]): Witness | undefined {
  const heads = bySize(witnesses);
  const { proven } = notedLeaves(heads, found.tree);
  return heads.find((head) => head.size > proven);
}

const bySize = (witnesses: readonly Witness[]): readonly Witness[] =>
  witnesses.toSorted((a, b) => a.size - b.size);

function agrees({ tree }: EventTree, head: TreeHead): boolean {
  return head.size <= tree.size && tree.root(head.size).equals(head.root);
}

function firstDifference({ tree }: EventTree, { leaves, proven }: NotedLeaves): number | undefined {
  const index = leaves.findIndex((leaf, i) => i >= tree.size || !leaf.equals(tree.leaf(i)));
  return index < 0 || index >= proven ? undefined : index;
}

function byLeaves(found: EventTree, { leaves, proven }: NotedLeaves, index: number): Fault {
  const sequence = index + 1;
  const belongs = leaves[index];
  if (index >= found.size || belongs === undefined)
    return fault('removed', sequence, `event ${sequence} was removed`);
  const stands = found.tree.leaf(index);
  const [copies, ofExpected] = [count(found.tree, stands), count(found.tree, belongs)];

  const original = leaves.findIndex((leaf, i) => i < proven && leaf.equals(stands));
  if (original < 0) {
    // One from behind what is proven is known by its number only.
    if ((found.sequences[index] ?? 0) > proven) return bySequence(found, index, proven);
    return ofExpected === 0
      ? fault('altered', sequence, `event ${sequence} was altered`)
      : fault('inserted', sequence, `an event was inserted before event ${sequence}`);
  }
  if (ofExpected === 0)
    return original > index
      ? fault('removed', sequence, `event ${sequence} was removed`)
      : fault('altered', sequence, `event ${sequence} was replaced by a copy of event ${original + 1}`);
  return copies > 1
    ? fault('inserted', sequence, `a copy of event ${original + 1} was inserted before event ${sequence}`)
    : fault('reordered', sequence, `event ${original + 1} stands in the place of event ${sequence}`);
}

/** Index of the first event that is unreadable or not numbered one more than the one before. */
function firstBreach({ sequences }: EventTree): number | undefined {
  const index = sequences.findIndex((sequence, i) => sequence !== i + 1);
  return index < 0 ? undefined : index;
}

/** `signed`: that many events there were, whatever became of them. */
function bySequence({ sequences, size }: EventTree, index: number, signed: number): Fault {
  const expected = index + 1;
  const claimed = sequences[index];
  const isLater = sequences.indexOf(expected, index) >= 0;
  if (claimed === undefined)
    return sequences[index + 1] === expected
      ? fault('inserted', expected, `an event that cannot be read was inserted before event ${expected}`)
      : fault('altered', expected, `event ${expected} cannot be read`);
  if (!isLater && claimed > expected)
    return fault('removed', expected, `event ${expected} was removed: event ${claimed} stands in its place`);
  if (!isLater && index < signed)
    return fault('altered', expected, `event ${expected} was replaced by a second event ${claimed}`);
  if (claimed === index)
    return {
      ...fault('inserted', index, `two events call themselves event ${index}: one of them was inserted`),
      upTo: expected,
    };
  const isCopy = sequences.indexOf(claimed) !== sequences.lastIndexOf(claimed);
  return isCopy || claimed > size
    ? fault('inserted', expected, `a second event ${claimed} was inserted after event ${index}`)
    : fault('reordered', expected, `event ${claimed} stands in the place of event ${expected}`);
}

const fault = (kind: Fault['kind'], sequence: number, message: string): Fault => ({
  kind,
  sequence,
  upTo: sequence,
  message,
});

function count(tree: MerkleTree, leaf: Buffer): number {
  let found = 0;
  for (let i = 0; i < tree.size; i++) if (tree.leaf(i).equals(leaf)) found++;
  return found;
}
