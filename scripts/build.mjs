// Compiles the TypeScript to dist/ and bundles what a browser loads. Incremental: a second run is nearly free.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (file, args) => {
  const result = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
};

run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
if (existsSync(`${root}collector/build.mjs`)) run('collector/build.mjs', []);
