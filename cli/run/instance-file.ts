import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How other commands and tests find a running instance: written to the data directory once everything listens. */
export interface Instance {
  readonly pid: number;
  /** Base URLs; missing for a role that does not run here. */
  readonly gateway?: string | undefined;
  readonly api?: string | undefined;
  readonly registry?: string | undefined;
}

const fileIn = (dataDir: string): string => join(dataDir, 'instance.json');

export async function writeInstance(dataDir: string, instance: Instance): Promise<void> {
  const file = fileIn(dataDir);
  // Renamed into place: a reader sees the whole file or none.
  await writeFile(`${file}.new`, JSON.stringify(instance), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Undefined when no instance runs there: after a crash the file may be left over, its process is not. */
export async function readInstance(dataDir: string): Promise<Instance | undefined> {
  try {
    const instance: Instance = JSON.parse(await readFile(fileIn(dataDir), 'utf8'));
    process.kill(instance.pid, 0);
    return instance;
  } catch {
    return undefined;
  }
}

export async function removeInstance(dataDir: string): Promise<void> {
  await rm(fileIn(dataDir), { force: true });
}
