import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { codedError } from './coded-error.ts';

/** What this machine knows of a log from before: what tells when all of it is made anew. */
export interface SeenLog {
  readonly publicKeys: readonly string[];
  /** Notes, oldest first. */
  readonly checkpoints: readonly string[];
}

const SeenLogs = Type.Record(
  Type.String(),
  Type.Object({ public_keys: Type.Array(Type.String()), checkpoints: Type.Array(Type.String()) }),
);

/** Notes kept of one log. The newest vouches for all before it; older ones only narrow down where a fault lies. */
const MAX_CHECKPOINTS = 500;

export const defaultStateFile = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'signal', 'seen-checkpoints.json');

/** `log`: where the log was found, an URL or a directory. Undefined if it was never seen. */
export async function readSeen(file: string, log: string): Promise<SeenLog | undefined> {
  const all = await readAll(file);
  const found = Object.hasOwn(all, log) ? all[log] : undefined;
  return found && { publicKeys: found.public_keys, checkpoints: found.checkpoints };
}

export async function writeSeen(file: string, log: string, seen: SeenLog): Promise<void> {
  const entry = { public_keys: [...seen.publicKeys], checkpoints: seen.checkpoints.slice(-MAX_CHECKPOINTS) };
  const all = { ...(await readAll(file)), [log]: entry };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Renamed into place: a crash leaves the old file or the new one.
  await writeFile(`${file}.new`, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function readAll(file: string) {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  // Whoever can empty it can make this machine forget: that must not pass for a first visit.
  const unreadable = (): never => {
    throw codedError(
      'INVALID_STATE',
      `${file} cannot be read; restore it, or remove it to trust the log anew`,
    );
  };
  try {
    const parsed: unknown = JSON.parse(text);
    return Value.Check(SeenLogs, parsed) ? parsed : unreadable();
  } catch {
    return unreadable();
  }
}
