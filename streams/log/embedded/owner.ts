import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LogError } from '../errors.ts';

/*
 * RocksDB's LOCK file keeps a second process out; this file beside it only says who holds it. It may outlive a
 * killed process, so it never decides anything.
 */
const FILE = 'owner.json';

export async function writeOwner(directory: string): Promise<void> {
  const owner = { pid: process.pid, startedAt: new Date(Date.now() - process.uptime() * 1000).toISOString() };
  await writeFile(join(directory, FILE), `${JSON.stringify(owner)}\n`);
}

export async function removeOwner(directory: string): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}

/** The error for a directory that RocksDB refused to lock. */
export async function lockedError(directory: string, cause: unknown): Promise<LogError> {
  const owner = await readOwner(directory);
  const who = owner ?? 'another process';
  return new LogError('LOCKED', `${directory} is held by ${who}; stop it first, or use its API`, { cause });
}

async function readOwner(directory: string): Promise<string | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(directory, FILE), 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('pid' in owner)) return undefined;
    const since = 'startedAt' in owner ? `, running since ${owner.startedAt}` : '';
    return `process ${owner.pid}${since}`;
  } catch {
    return undefined;
  }
}
