import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPieces, type ScriptPieces } from '../index.ts';

/** The collector as its own build makes it, so that a test sees today's sources whatever dist/ holds. */
export function withBuild<T>(read: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'datafly-'));
  try {
    const build = fileURLToPath(new URL('../build.mjs', import.meta.url));
    const result = spawnSync(process.execPath, [build, directory], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`the build failed:\n${result.stdout}${result.stderr}`);
    return read(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** datafly.js with nothing switched on. */
export function buildScript(): string {
  return withBuild((directory) => readFileSync(join(directory, 'datafly.js'), 'utf8'));
}

export interface Build {
  readonly pieces: ScriptPieces;
  /** The npm package's module. */
  readonly npm: string;
}

export function buildAll(): Build {
  return withBuild((directory) => ({
    pieces: readPieces(join(directory, 'pieces')),
    npm: readFileSync(join(directory, 'npm/index.js'), 'utf8'),
  }));
}
