import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import avro from 'avsc';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SCHEMAS } from '../schemas/index.ts';

const SCRIPT = fileURLToPath(new URL('./generate-schemas.mjs', import.meta.url));
const run = promisify(execFile);

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'generate-schemas-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, schema: unknown): Promise<void> {
  const file = join(root, 'schemas/avro', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(schema));
}

const generate = (...flags: string[]) => run(process.execPath, [SCRIPT, '--root', root, ...flags]);
const generated = (path: string) => readFile(join(root, 'schemas/generated', path), 'utf8');
const record = (name: string, fields: readonly unknown[], more: object = {}) => ({
  type: 'record',
  name,
  namespace: 'shop',
  fields,
  ...more,
});

test('the generated files of the project are current', async () => {
  await run(process.execPath, [SCRIPT, '--check']);
});

test('every generated schema can be read by itself', () => {
  expect(SCHEMAS.length).toBeGreaterThan(10);
  for (const { name, schema } of SCHEMAS) {
    expect(avro.parse(JSON.stringify(schema)).name).toBe(name);
  }
});

test('a record becomes a read-only interface with its docs', async () => {
  await put(
    'Order.avsc',
    record(
      'Order',
      [
        { name: 'id', type: 'string', doc: 'Unique */ always.' },
        { name: 'total', type: ['null', 'double'], default: null },
        { name: 'lines', type: { type: 'array', items: ['null', 'string'] } },
        { name: 'labels', type: { type: 'map', values: 'boolean' } },
        { name: 'extra', type: { type: 'string', logicalType: 'json' } },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        { name: 'digest', type: 'bytes' },
      ],
      { doc: 'What was bought.' },
    ),
  );
  await generate();
  expect(await generated('Order.ts')).toContain(`/** What was bought. */
export interface Order {
  /** Unique *\\/ always. */
  readonly id: string;
  readonly total: null | number;
  readonly lines: readonly (null | string)[];
  readonly labels: Readonly<Record<string, boolean>>;
  readonly extra: JsonText;
  readonly at: number;
  readonly digest: Buffer;
}
`);
});

test('an enum becomes a union of literals and a list of its symbols', async () => {
  const state = { type: 'enum', name: 'OrderState', symbols: ['open', 'paid'] };
  await put('Order.avsc', record('Order', [{ name: 'state', type: state }]));
  await generate();
  expect(await generated('Order.ts')).toContain(`export const ORDER_STATE_SYMBOLS = ['open', 'paid'] as const;

export type OrderState = (typeof ORDER_STATE_SYMBOLS)[number];
`);
});

test('a type of another file is imported, and inlined where the schema first uses it', async () => {
  await put('Money.avsc', record('Money', [{ name: 'cents', type: 'long' }]));
  await put('sub/Order.avsc', {
    ...record('Order', [
      { name: 'net', type: 'shop.Money' },
      { name: 'gross', type: ['null', 'shop.Money'] },
    ]),
    namespace: 'shop.sub',
  });
  await generate();
  const text = await generated('sub/Order.ts');
  expect(text).toContain("import type { Money } from '../Money.ts';");
  expect(text).toContain('readonly net: Money;\n  readonly gross: null | Money;');
  expect(text.match(/"name": ?"cents"/g)).toHaveLength(1);
  expect(text).toContain('"type":["null","shop.Money"]');
});

test('a union is written the way avsc holds its values', async () => {
  await put('A.avsc', record('A', []));
  await put('B.avsc', record('B', []));
  const fields = [
    { name: 'one', type: ['null', 'shop.A', 'string'] },
    { name: 'two', type: ['null', 'shop.A', 'shop.B'] },
    { name: 'number', type: ['int', 'double'] },
  ];
  await put('Order.avsc', record('Order', fields));
  await generate();
  const text = await generated('Order.ts');
  expect(text).toContain('readonly one: null | A | string;');
  expect(text).toContain("readonly two: null | { readonly 'shop.A': A } | { readonly 'shop.B': B };");
  expect(text).toContain("readonly number: { readonly 'int': number } | { readonly 'double': number };");
});

test('a union of a folder is composed of the records in it, by name', async () => {
  await put('kinds/B.avsc', record('B', []));
  await put('kinds/A.avsc', record('A', []));
  await put('kinds/deeper/C.avsc', record('C', []));
  await put('Order.avsc', record('Order', [{ name: 'payload', type: { type: 'union', of: 'kinds' } }]));
  await generate();
  const text = await generated('Order.ts');
  expect(text).toContain("readonly payload: { readonly 'shop.A': A } | { readonly 'shop.B': B };");
  expect(text).toContain("import type { A } from './kinds/A.ts';");
});

test('a second run changes nothing, and a deleted schema takes its file along', async () => {
  await put('A.avsc', record('A', []));
  await put('B.avsc', record('B', []));
  await generate();
  expect((await generate()).stdout).toContain('0 changed');
  await rm(join(root, 'schemas/avro/B.avsc'));
  await expect(generate('--check')).rejects.toMatchObject({ code: 1, stderr: /B\.ts belongs to no schema/ });
  await generate();
  await expect(generated('B.ts')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('--check says which line is not current, and writes nothing', async () => {
  await put('A.avsc', record('A', []));
  await generate();
  const before = await generated('A.ts');
  await put('A.avsc', record('A', [{ name: 'id', type: 'string' }]));
  await expect(generate('--check')).rejects.toMatchObject({ code: 1, stderr: /A\.ts differs, line \d+/ });
  expect(await generated('A.ts')).toBe(before);
});

test.each([
  [
    'an unknown type',
    'A.avsc',
    record('A', [{ name: 'x', type: 'shop.Nothing' }]),
    /A\.avsc refers to shop\.Nothing/,
  ],
  [
    'a union of an empty folder',
    'A.avsc',
    record('A', [{ name: 'x', type: { type: 'union', of: 'kinds' } }]),
    /A\.avsc unites kinds, which holds no schema/,
  ],
  ['a file named unlike its record', 'A.avsc', record('B', []), /A\.avsc holds B/],
  [
    'a schema that is no record',
    'A.avsc',
    { type: 'enum', name: 'A', symbols: [] },
    /must hold one named record/,
  ],
])('%s is refused by name', async (_case, path, schema, message) => {
  await put(path, schema);
  await expect(generate()).rejects.toMatchObject({ code: 1, stderr: message });
});
