// Generates TypeScript (schemas/generated/) from the Avro schemas (schemas/avro/**/*.avsc): per record an interface
// and its self-contained schema. `--check` writes nothing and fails when what is there is not current.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SchemaError } from './generate-schemas/library.mjs';
import { generate } from './generate-schemas/typescript.mjs';

function readFolder(folder, ending) {
  let names;
  try {
    names = readdirSync(folder, { recursive: true });
  } catch (error) {
    if (error.code === 'ENOENT') return new Map();
    throw error;
  }
  const paths = names.map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith(ending));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

function firstDifference(before, after) {
  const lines = before.split('\n');
  const index = after.split('\n').findIndex((line, at) => line !== lines[at]);
  return `line ${index + 1}: has ${JSON.stringify(lines[index] ?? '')}, wants ${JSON.stringify(after.split('\n')[index])}`;
}

/** What differs between the generated files and those on disk, in words. */
function differences(expected, actual) {
  const found = [];
  for (const [path, text] of expected) {
    const before = actual.get(path);
    if (before === undefined) found.push(`${path} is missing`);
    else if (before !== text) found.push(`${path} differs, ${firstDifference(before, text)}`);
  }
  for (const path of actual.keys()) if (!expected.has(path)) found.push(`${path} belongs to no schema`);
  return found;
}

const { values: flags } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string' } },
});
const root = flags.root ?? fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'schemas/generated');

try {
  const expected = generate(readFolder(join(root, 'schemas/avro'), '.avsc'));
  const actual = readFolder(target, '.ts');
  const found = differences(expected, actual);
  if (flags.check && found.length > 0) {
    console.error(`schemas/generated is not current; run \`npm run generate\`.\n  ${found.join('\n  ')}`);
    process.exit(1);
  }
  if (!flags.check) {
    for (const path of actual.keys()) if (!expected.has(path)) rmSync(join(target, path));
    for (const [path, text] of expected) {
      if (actual.get(path) === text) continue;
      mkdirSync(dirname(join(target, path)), { recursive: true });
      writeFileSync(join(target, path), text);
    }
    console.log(`schemas/generated: ${expected.size} files, ${found.length} changed`);
  }
} catch (error) {
  if (!(error instanceof SchemaError)) throw error;
  console.error(error.message);
  process.exit(1);
}
