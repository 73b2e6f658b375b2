import {
  type EventTree,
  type NoteKey,
  openCheckpoint,
  type Problem,
  type Verification,
  verifyLog,
} from '../../../config/index.ts';
import { type Log, LogError } from '../../../streams/index.ts';
import { EventReader } from './event-reader.ts';
import type { SignedLog } from './signed-log.ts';
import { readCheckpoints } from './stored-checkpoint.ts';
import type { WriterSchemas } from './writer-schemas.ts';

export interface StoredLog {
  readonly of: SignedLog;
  readonly log: Pick<Log, 'read'>;
  readonly schemas: WriterSchemas;
  /** Of the checkpoints that are believed. */
  readonly keys: readonly NoteKey[];
  /** Notes kept apart from the log. */
  readonly remembered?: readonly string[] | undefined;
}

/** Reads a stored log from its start and holds it against every checkpoint there is. */
export async function verifyStoredLog(stored: StoredLog): Promise<Verification> {
  const { of, log, schemas, keys, remembered } = stored;
  // Before the events: what a checkpoint covers must then be among them.
  const checkpoints = await readCheckpoints(log, of);
  const { events, isDamaged } = await readEvents(stored);
  const verification = verifyLog({
    events,
    checkpoints,
    remembered,
    keys,
    schemas: await fingerprints(
      [...checkpoints.map(({ note }) => note), ...(remembered ?? [])],
      keys,
      schemas,
    ),
  });
  const named = verification.problem?.sequence ?? Number.POSITIVE_INFINITY;
  if (!isDamaged || named <= events.size) return verification;
  return { ...verification, valid: false, problem: damagedFrom(events.size + 1) };
}

/** As far as the log can be read. */
async function readEvents({
  of,
  log,
  schemas,
}: StoredLog): Promise<{ readonly events: EventTree; readonly isDamaged: boolean }> {
  const reader = new EventReader(log, of, schemas);
  try {
    await reader.readOn();
    return { events: reader.events, isDamaged: false };
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'CORRUPT') throw error;
    return { events: reader.events, isDamaged: true };
  }
}

/** Of the schemas that the checkpoints name, as the registry has them. */
async function fingerprints(
  notes: readonly string[],
  keys: readonly NoteKey[],
  schemas: WriterSchemas,
): Promise<ReadonlyMap<number, Buffer>> {
  const found = new Map<number, Buffer>();
  const opened = notes.map((note) => openCheckpoint(note, keys)).filter((each) => each.kind === 'signed');
  for (const id of new Set(opened.flatMap(({ checkpoint }) => [...checkpoint.schemas.keys()]))) {
    const schema = await schemas.schema(id);
    if (schema !== undefined) found.set(id, schema.fingerprint);
  }
  return found;
}

const damagedFrom = (sequence: number): Problem => ({
  kind: 'altered',
  sequence,
  upTo: sequence,
  message: `event ${sequence} was altered on disk: the checksum of what is stored there does not hold`,
});
