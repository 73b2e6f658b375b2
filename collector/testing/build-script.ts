import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** datafly.js as its own build makes it, so that a test sees today's sources whatever dist/ holds. */
export function buildScript(): string {
  const directory = mkdtempSync(join(tmpdir(), 'datafly-'));
  try {
    const build = fileURLToPath(new URL('../build.mjs', import.meta.url));
    const result = spawnSync(process.execPath, [build, directory], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`the build failed:\n${result.stdout}${result.stderr}`);
    return readFileSync(join(directory, 'datafly.js'), 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}
