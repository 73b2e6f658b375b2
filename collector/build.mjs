// Builds datafly.js: a minified core, one minified piece for each optional module and consent platform, the loader,
// and the npm package. Every visitor loads what a source has switched on, so the sizes have budgets.
// node collector/build.mjs [output directory, default dist/collector]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const CORE_GZIP_BYTES = 4_096;
const EVERYTHING_GZIP_BYTES = 8_192;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');
const output = process.argv[2] ?? join(root, 'dist/collector');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const modules = {
  outbound_links: 'outboundLinks',
  downloads: 'downloads',
  forms: 'forms',
  scroll: 'scroll',
  clicks: 'clicks',
  web_vitals: 'webVitals',
  errors: 'errors',
  video: 'video',
  tags: 'tags',
  cross_domain: 'crossDomain',
};
const platforms = ['onetrust', 'cookiebot', 'didomi', 'osano', 'tcf', 'google', 'custom'];

const tsc = (...args) => {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
};
tsc('-p', 'collector');

// One cache for all builds: a shortened name must be the same in the core and in every piece.
const mangleCache = {};
const bundle = async (source, options = {}) => {
  const result = await build({
    stdin: { contents: source, resolveDir: here, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2018',
    write: false,
    // A name that ends in `_` is ours alone: no browser's, no page's, and in no event.
    mangleProps: /[^_]_$/,
    mangleCache,
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    ...options,
  });
  Object.assign(mangleCache, result.mangleCache);
  return result.outputFiles[0].text.replace(/^"use strict";/, '').trimEnd();
};
const pieceOf = (file, name) => bundle(`import {${name}} from './${file}.ts'; $pieces.push(${name});`);

const pieces = {
  // Bare: the composer's function is around it.
  core: await bundle(`import './main.ts'`, { format: 'esm' }),
  loader: await bundle(`import './loader.ts'`),
  modules: {},
  platforms: {},
};
for (const [module, name] of Object.entries(modules)) {
  pieces.modules[module] = await pieceOf(`modules/${module.replace('_', '-')}`, name);
}
for (const platform of platforms)
  pieces.platforms[platform] = await pieceOf(`platforms/${platform}`, platform);

mkdirSync(join(output, 'pieces'), { recursive: true });
const write = (name, text) => writeFileSync(join(output, name), text);
write('pieces/core.js', pieces.core);
write('pieces/loader.js', pieces.loader);
for (const [name, text] of Object.entries(pieces.modules)) write(`pieces/module-${name}.js`, text);
for (const [name, text] of Object.entries(pieces.platforms)) write(`pieces/consent-${name}.js`, text);

// The npm package: readable, with types, its optional parts left to the page's own bundler.
const npm = join(output, 'npm');
mkdirSync(npm, { recursive: true });
const options = { minify: false, format: 'esm', legalComments: 'none' };
write('npm/index.js', await bundle(`export * from './npm.ts'; export { default } from './npm.ts';`, options));
write(
  'npm/package.json',
  `${JSON.stringify({ name: '@datafly/collector', version, type: 'module', sideEffects: false, exports: { types: './npm.d.ts', default: './index.js' } }, null, 2)}\n`,
);
const scratch = mkdtempSync(join(tmpdir(), 'datafly-build-'));
tsc('-p', 'collector', '--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--outDir', scratch);
const copyTypes = (file, seen = new Set()) => {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(join(scratch, file), 'utf8');
  mkdirSync(dirname(join(npm, file)), { recursive: true });
  write(join('npm', file), text.replace(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  for (const [, target] of text.matchAll(/from '(\.[^']*)\.ts'/g)) {
    copyTypes(join(dirname(file), `${target}.d.ts`), seen);
  }
};
copyTypes('npm.d.ts');

// The composer of the sources, not of dist/, which may be older.
const compose = join(scratch, 'compose.mjs');
await build({
  entryPoints: [join(here, 'index.ts')],
  outfile: compose,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
});
const {
  CollectorScripts,
  composeScript,
  DEFAULT_COLLECTOR_SETTINGS: defaults,
} = await import(pathToFileURL(compose).href);
rmSync(scratch, { recursive: true });

const plain = new CollectorScripts(pieces).of(defaults);
write('datafly.js', plain.text);
const everything = composeScript(
  { ...pieces, core: Object.values(pieces.platforms).join('') + pieces.core },
  { ...defaults, modules: Object.keys(modules) },
);

let tooLarge = false;
const report = (name, text, budget) => {
  const size = gzipSync(text, { level: 9 }).length;
  console.log(`${name}: ${text.length} bytes, ${size} gzip of ${budget}`);
  tooLarge ||= size > budget;
};
report(`datafly.js ${version}`, plain.text, CORE_GZIP_BYTES);
report('with every module and consent platform', everything, EVERYTHING_GZIP_BYTES);
console.log(`integrity ${plain.integrity}`);
if (tooLarge) {
  console.error('datafly.js is over its budget');
  process.exit(1);
}
