import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import {
  isKeyName,
  type NoteKey,
  type NoteSigner,
  parseNoteKey,
  parseNoteSigner,
  writeNoteSigner,
} from '../../config/index.ts';
import { CheckpointError } from '../../topologies/config/index.ts';

/** The signer in the text of SIGNAL_CHECKPOINT_KEY. Throws `INVALID_KEY`. */
export function parseCheckpointKey(text: string): NoteSigner {
  const signer = parseNoteSigner(text.trim());
  if (signer === undefined) throw new CheckpointError('INVALID_KEY');
  return signer;
}

/** The public key of a log. Throws `INVALID_PUBLIC_KEY`. */
export function parsePublicKey(text: string): NoteKey {
  const key = parseNoteKey(text.trim());
  if (key === undefined) throw new CheckpointError('INVALID_PUBLIC_KEY', text.slice(0, 100));
  return key;
}

/** A new secret key of the log with this name, by convention a host and path (`audit.example.com/config`). Throws
 * `INVALID_NAME`. */
export function newCheckpointKey(name: string): string {
  if (!isKeyName(name)) throw new CheckpointError('INVALID_NAME', JSON.stringify(name));
  return writeNoteSigner(name, randomBytes(32));
}

/** The signer in the file; a new one, readable by this user only, if there is no such file. Its log gets a name that
 * no other has. Rejects with a `CheckpointError`. */
export async function loadOrCreateCheckpointKey(path: string): Promise<NoteSigner> {
  const made = await create(path);
  return made === undefined ? loadCheckpointKey(path) : parseCheckpointKey(made);
}

/** Rejects with a `CheckpointError`. */
export async function loadCheckpointKey(path: string): Promise<NoteSigner> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) throw new CheckpointError('KEY_FILE_EXPOSED', path);
    return parseCheckpointKey(await file.readFile('utf8'));
  } catch (cause) {
    throw cause instanceof CheckpointError
      ? cause
      : new CheckpointError('KEY_FILE_UNREADABLE', path, { cause });
  } finally {
    await file?.close();
  }
}

/** Undefined if the file is there already. */
async function create(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx', 0o600);
    const secret = newCheckpointKey(`signal-config/${randomBytes(8).toString('hex')}`);
    await file.writeFile(`${secret}\n`);
    // What it signs must not outlive it.
    await file.sync();
    return secret;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return undefined;
    throw new CheckpointError('KEY_FILE_UNREADABLE', path, { cause });
  } finally {
    await file?.close();
  }
}
