// Bundles datafly.js: one minified file for a script tag, which must stay small because every visitor loads it.
// node collector/build.mjs [output directory, default dist/collector]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const MAX_GZIP_BYTES = 4_096;

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = join(process.argv[2] ?? join(root, 'dist/collector'), 'datafly.js');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const types = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'collector'], {
  cwd: root,
  stdio: 'inherit',
});
if (types.status !== 0) process.exit(types.status ?? 1);

await build({
  entryPoints: [join(root, 'collector/main.ts')],
  outfile,
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2018',
  // Beside the script, not named in it: customers' pages should not ask for it.
  sourcemap: 'external',
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
});

const script = readFileSync(outfile);
const size = gzipSync(script, { level: 9 }).length;
console.log(`datafly.js ${version}: ${script.length} bytes, ${size} gzip of ${MAX_GZIP_BYTES}`);
if (size > MAX_GZIP_BYTES) {
  console.error(`datafly.js is ${size - MAX_GZIP_BYTES} bytes over its gzip budget of ${MAX_GZIP_BYTES}`);
  process.exit(1);
}
