import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { diagnose, type Fault, unprovenLeaves, type Witness } from './diagnose.ts';
import type { EventTree } from './event-tree.ts';
import type { NoteKey } from './note-keys.ts';

/** Why a log is not valid. */
export interface Problem {
  /** What was done to an event; or it is a checkpoint, a schema or the export around them that is not as it was. */
  readonly kind: Fault['kind'] | 'checkpoint' | 'schema' | 'export';
  /** The first event at fault, between `sequence` and `upTo` where it cannot be told exactly; null if it is none. */
  readonly sequence: number | null;
  readonly upTo: number | null;
  /** For people. */
  readonly message: string;
}

export interface Verification {
  readonly valid: boolean;
  readonly size: number;
  readonly root: Buffer;
  /** How many of the events, from the first on, a checkpoint vouches for; of the rest only their order is checked. */
  readonly signedSize: number;
  readonly problem: Problem | undefined;
}

export interface Evidence {
  /** The events as they were found. */
  readonly events: EventTree;
  /** Checkpoints kept with the log. */
  readonly checkpoints: readonly { readonly note: string; readonly leaves?: Witness['leaves'] }[];
  /** Checkpoints kept apart from the log: they tell when all of it was made anew, signatures included. */
  readonly remembered?: readonly string[] | undefined;
  /** By id, as whoever verifies found them: SHA-256 of the Parsing Canonical Form. */
  readonly schemas: ReadonlyMap<number, Buffer>;
  /** The keys that are believed. */
  readonly keys: readonly NoteKey[];
}

/** Holds a log against its checkpoints. */
export function verifyLog(evidence: Evidence): Verification {
  const { events, keys } = evidence;
  const opened = evidence.checkpoints.map(({ note, leaves }) => witness(note, keys, '', leaves));
  const remembered = (evidence.remembered ?? []).map((note) => witness(note, keys, ', seen before,'));
  const kept = opened.filter((each) => 'root' in each);
  const seen = remembered.filter((each) => 'root' in each);

  const fault = firstFault(events, kept, seen);
  const unproven = unprovenLeaves(events, kept);
  const problem =
    [...kept, ...seen]
      .map((each) => schemaProblem(each, evidence.schemas))
      .find((each) => each !== undefined) ??
    fault ??
    [...opened, ...remembered].find((each) => 'kind' in each) ??
    (unproven &&
      checkpointProblem(`the leaf hashes kept with ${unproven.name} were altered; the events were not`));
  return {
    valid: problem === undefined,
    size: events.size,
    root: events.tree.root(),
    signedSize: Math.max(0, ...kept.map((each) => each.size).filter((size) => size <= events.size)),
    problem,
  };
}

function firstFault(
  events: EventTree,
  kept: readonly Witness[],
  seen: readonly Witness[],
): Fault | undefined {
  const fault = diagnose(events, kept);
  const before = diagnose(events, seen);
  // Fewer witnesses tell less exactly.
  if (fault !== undefined) return before !== undefined && before.upTo < fault.sequence ? before : fault;
  if (before === undefined || kept.length === 0) return before;
  return {
    ...before,
    message: `${before.message}. The checkpoints kept with the log hold: whoever did it has the key`,
  };
}

type SignedWitness = Witness & Pick<Checkpoint, 'schemas'>;

function witness(
  note: string,
  keys: readonly NoteKey[],
  which: string,
  leaves?: Witness['leaves'],
): SignedWitness | Problem {
  const opened = openCheckpoint(note, keys);
  if (opened.kind === 'signed')
    return { ...opened.checkpoint, name: `checkpoint ${opened.checkpoint.size}${which}`, leaves };
  // Not believed, so only to be named by.
  const [, size = ''] = /^[^\n]*\n([0-9]{1,16})\n/.exec(note) ?? [];
  const name = size === '' ? `a checkpoint${which}` : `checkpoint ${size}${which}`;
  switch (opened.why) {
    case 'malformed':
      return checkpointProblem(`${name} is not a signed checkpoint`);
    case 'unknown key':
      return checkpointProblem(`${name} is not signed by a key that is believed here`);
    case 'bad signature':
      return checkpointProblem(`${name} was altered: its signature does not hold`);
  }
}

function schemaProblem(
  { name, schemas }: SignedWitness,
  found: ReadonlyMap<number, Buffer>,
): Problem | undefined {
  for (const [id, signed] of schemas) {
    const here = found.get(id);
    if (here?.equals(signed)) continue;
    const what = here === undefined ? 'is missing' : 'is not the one';
    return {
      kind: 'schema',
      sequence: null,
      upTo: null,
      message: `schema ${id} ${what} that ${name} was signed for`,
    };
  }
  return undefined;
}

const checkpointProblem = (message: string): Problem => ({
  kind: 'checkpoint',
  sequence: null,
  upTo: null,
  message,
});
