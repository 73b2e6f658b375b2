import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Which room may import which others; a room always may import itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  streams: [],
  config: ['schemas'],
  integrations: ['schemas'],
  topologies: ['streams', 'schemas', 'config', 'integrations'],
  gateway: ['streams', 'config', 'schemas'],
  delivery: ['integrations', 'streams', 'config', 'schemas'],
  api: ['config', 'streams', 'topologies', 'schemas'],
  collector: [],
  cli: [
    'schemas',
    'streams',
    'config',
    'integrations',
    'topologies',
    'gateway',
    'delivery',
    'api',
    'collector',
    'examples',
  ],
};

/** Rooms that must be free of I/O, time and chance: a replay depends on it. */
const PURE = ['config', 'integrations'];

const IMPURE =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|fetch\(|process\.|randomUUID|randomBytes)/;
const IO_MODULES = /^(node:)?(fs|net|http|https|child_process|dns|tls|os|timers|worker_threads)(\/|$)/;

interface Import {
  readonly file: string;
  readonly target: string;
}

const room = (path: string): string => path.split(sep)[0] as string;

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

const isTest = (file: string): boolean => /\.test\.ts$|\.contract\.ts$|(^|\/)(testing|fixtures)\//.test(file);

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'|^import\s+'([^']+)'/gm,
  );
  return [...found].map((match) => ({ file, target: (match[1] ?? match[2] ?? match[3]) as string }));
}

const rooms = Object.keys(MAY_IMPORT);
const files = rooms.flatMap((name) => filesOf(name));
const own = files.filter((file) => !isTest(file));
const relativeImports = own
  .flatMap(importsOf)
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({ file, path: relative(ROOT, resolve(ROOT, dirname(file), target)) }));

describe('the rooms of the house', () => {
  it('hold files, so that this test looks at something', () => {
    expect(own.length).toBeGreaterThan(50);
    expect(relativeImports.length).toBeGreaterThan(100);
  });

  it('import only the rooms they may', () => {
    const wrong = relativeImports.filter(
      ({ file, path }) => room(path) !== room(file) && !MAY_IMPORT[room(file)]?.includes(room(path)),
    );
    expect(wrong.map(({ file, path }) => `${file} imports ${path}`)).toEqual([]);
  });

  it('are entered by their public face', () => {
    // A topology's folder has a face of its own.
    const face = /^[^/]+\/index\.ts$|^examples\/|^topologies\/[^/]+\.ts$|^topologies\/[^/]+\/index\.ts$/;
    const past = relativeImports.filter(({ file, path }) => room(path) !== room(file) && !face.test(path));
    expect(past.map(({ file, path }) => `${file} imports ${path}`)).toEqual([]);
  });

  it.each(PURE)('%s has no clock, chance, disk or network', (name) => {
    const impure = own
      .filter((file) => room(file) === name)
      .filter((file) => {
        const code = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
        return IMPURE.test(code) || importsOf(file).some(({ target }) => IO_MODULES.test(target));
      });
    expect(impure).toEqual([]);
  });
});
