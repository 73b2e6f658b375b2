// Generates config/kinds/index.ts, the table of all kinds of commands and events, from what the files beside it
// export. `--check` writes nothing and fails when it is not current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const KIND = /^export const (\w+) = (command|event|olderEvent)Kind\(\s*'([\w.]+)'/gm;
const LINE_WIDTH = 110;

const { values: flags } = parseArgs({
  options: { check: { type: 'boolean' }, root: { type: 'string' } },
});
const folder = join(flags.root ?? fileURLToPath(new URL('..', import.meta.url)), 'config/kinds');

const files = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'index.ts')
  .sort()
  .map((file) => ({
    file,
    kinds: [...readFileSync(join(folder, file), 'utf8').matchAll(KIND)].map(([, constant, role, name]) => ({
      constant,
      role: role === 'command' ? 'command' : 'event',
      name,
    })),
  }))
  .filter(({ kinds }) => kinds.length > 0);

/** As the formatter would write it. */
function importLine({ file, kinds }) {
  const names = kinds.map(({ constant }) => constant).sort();
  const line = `import { ${names.join(', ')} } from './${file}';\n`;
  return line.length <= LINE_WIDTH + 1 ? line : `import {\n  ${names.join(',\n  ')},\n} from './${file}';\n`;
}

function entries(role) {
  return files
    .flatMap(({ kinds }) => kinds)
    .filter((kind) => kind.role === role)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, constant }) => `  '${name}': ${constant},\n`)
    .join('');
}

const text = `// Generated from the files beside it by \`npm run generate\`. Do not edit.
import type { CommandKind, EventKind } from '../kind.ts';
import type { CommandName, EventName } from '../payload.ts';
${files.map(importLine).join('')}
/** Every kind of command. One that the schemas have and no file here decides does not compile. */
export const COMMAND_KINDS: { readonly [K in CommandName]: CommandKind<K> } = {
${entries('command')}};

/** Every kind of event, likewise. */
export const EVENT_KINDS: { readonly [K in EventName]: EventKind<K> } = {
${entries('event')}};
`;

const index = join(folder, 'index.ts');
if (readFileSync(index, 'utf8') !== text) {
  if (flags.check) {
    console.error('config/kinds/index.ts is not current; run `npm run generate`.');
    process.exit(1);
  }
  writeFileSync(index, text);
}
