import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GUIDE = join(ROOT, 'docs/adding-a-config-kind.md');

/** A path by itself on a line, and the block below it. */
const FILE = /^`([\w./-]+)`\n+```\w+\n([\s\S]*?)^```$/gm;

let house: string;
let files: readonly (readonly [path: string, text: string])[];

const run = promisify(execFile);
const node = (...args: string[]) => {
  // The tests inside are not part of the tests outside.
  const env = Object.entries(process.env).filter(([name]) => !/^VITEST|^NODE_ENV$|^TEST$/.test(name));
  return run(process.execPath, args, { cwd: house, env: Object.fromEntries(env) });
};

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'signal-guide-'));
  for (const part of ['config', 'schemas', 'scripts', 'tsconfig.json', 'package.json'])
    await cp(join(ROOT, part), join(house, part), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  const guide = await readFile(GUIDE, 'utf8');
  files = [...guide.matchAll(FILE)].map(([, path, text]) => [path ?? '', text ?? '']);
});

afterAll(() => rm(house, { recursive: true, force: true }));

it('the guide to a new kind does what it says', async () => {
  expect(files.map(([path]) => path)).toEqual([
    'schemas/avro/config/commands/RetypeSource.avsc',
    'schemas/avro/config/events/SourceRetyped.avsc',
    'config/kinds/retype-source.ts',
    'config/kinds/retype-source.test.ts',
  ]);
  for (const [path, text] of files) await writeFile(join(house, path), text, { flag: 'wx' });
  for (const script of ['generate-schemas', 'generate-config-kinds'])
    await node(`scripts/${script}.mjs`, '--root', house);
  const index = await readFile(join(house, 'config/kinds/index.ts'), 'utf8');
  expect(index).toContain("'signal.config.RetypeSource': retypeSource,");
  expect(index).toContain("'signal.config.SourceRetyped': sourceRetyped,");

  await writeFile(
    join(house, 'tsconfig.guide.json'),
    JSON.stringify({
      extends: './tsconfig.json',
      files: ['config/index.ts', 'config/kinds/retype-source.test.ts'],
      include: [],
    }),
  );
  await node('node_modules/typescript/bin/tsc', '-p', 'tsconfig.guide.json');
  const tests = ['config/kinds/retype-source.test.ts', 'config/kinds/sources.test.ts'];
  const { stdout } = await node('node_modules/vitest/vitest.mjs', 'run', '--root', house, ...tests);
  expect(stdout).toMatch(/Test Files .*2 passed/);
});
