// Generates TypeScript (schemas/generated/) from the Avro schemas (schemas/avro/**/*.avsc): per record an interface
// and its self-contained schema. `--check` writes nothing and fails when what is there is not current.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HEADER = '// Generated from schemas/avro by `npm run generate`. Do not edit.\n';

const AVRO_MODULE = `${HEADER}
/** Text of one JSON value (\`logicalType: "json"\`), to be parsed where it is read. */
export type JsonText = string;

export type AvroType = string | AvroNode | readonly AvroType[];

/** A schema in object form, with whatever attributes its type has. */
export interface AvroNode {
  readonly type: AvroType;
  readonly [attribute: string]: unknown;
}

/** The self-contained Avro schema of the records that \`T\` describes. \`$type\` is never there: it only ties the
 * schema to its TypeScript type. */
export interface AvroRecordSchema<T> extends AvroNode {
  readonly type: 'record';
  readonly name: string;
  readonly namespace: string;
  readonly $type?: T;
}
`;

const PRIMITIVES = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
};

/** Types of one bucket cannot be told apart by their value, so avsc wraps a union that has two of them. */
const UNION_BUCKETS = {
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  enum: 'string',
  bytes: 'buffer',
  fixed: 'buffer',
  record: 'object',
  map: 'object',
};

class SchemaError extends Error {}

const simpleName = (fullName) => fullName.slice(fullName.lastIndexOf('.') + 1);
const upperSnake = (name) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
const quote = (text) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const schemaConst = (fullName) => `${upperSnake(simpleName(fullName))}_SCHEMA`;
const symbolsConst = (fullName) => `${upperSnake(simpleName(fullName))}_SYMBOLS`;
const isNamed = (node) => node.type === 'record' || node.type === 'enum' || node.type === 'fixed';

function fullNameOf(node, namespace) {
  if (node.name.includes('.') || !(node.namespace ?? namespace)) return node.name;
  return `${node.namespace ?? namespace}.${node.name}`;
}

const namespaceOf = (fullName) =>
  fullName.includes('.') ? fullName.slice(0, fullName.lastIndexOf('.')) : '';

function comment(text, indent = '') {
  if (!text) return '';
  return `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', `\n${indent} * `)} */\n`;
}

/** All schemas of the folder; every name that can be referred to, with the file that defines it. */
class Library {
  files = [];
  types = new Map();

  add(path, text) {
    let schema;
    try {
      schema = JSON.parse(text);
    } catch (error) {
      throw new SchemaError(`${path} is not JSON: ${error.message}`);
    }
    if (schema.type !== 'record') throw new SchemaError(`${path} must hold one named record`);
    if (schema.name !== path.replace(/^.*\//, '').replace(/\.avsc$/, ''))
      throw new SchemaError(`${path} holds ${schema.name}; name the file after its record`);
    const file = { path: path.replace(/\.avsc$/, '.ts'), source: path, schema };
    this.files.push(file);
    this.#declare(schema, schema.namespace ?? '', file);
  }

  #declare(node, namespace, file) {
    if (Array.isArray(node)) {
      for (const branch of node) this.#declare(branch, namespace, file);
    } else if (typeof node === 'object' && node !== null) {
      let inner = namespace;
      if (isNamed(node)) {
        const name = fullNameOf(node, namespace);
        inner = namespaceOf(name);
        for (const [other, { file: otherFile }] of this.types)
          if (simpleName(other) === simpleName(name))
            throw new SchemaError(
              `${file.source} defines ${name}, but ${otherFile.source} defines ${other}; give one another name`,
            );
        this.types.set(name, { node, file });
      }
      for (const field of node.fields ?? []) this.#declare(field.type, inner, file);
      for (const child of [node.items, node.values, typeof node.type === 'object' ? node.type : undefined])
        if (child !== undefined) this.#declare(child, inner, file);
    }
  }

  /** The full name that `name` means within `namespace`. */
  resolve(name, namespace, file) {
    const qualified = name.includes('.') || !namespace ? name : `${namespace}.${name}`;
    if (!this.types.has(qualified))
      throw new SchemaError(`${file.source} refers to ${name}, which no file defines`);
    return qualified;
  }
}

/** Emits one file: its types, and its schema with the types of other files put in at their first use. */
class Module {
  #library;
  #file;
  #imports = new Map();
  #declarations = [];

  constructor(library, file) {
    this.#library = library;
    this.#file = file;
  }

  text() {
    const { schema } = this.#file;
    const name = fullNameOf(schema, '');
    if (!name.includes('.')) throw new SchemaError(`${this.#file.source} has no namespace`);
    this.#tsType(schema, '');
    this.#import('generated/avro.ts', 'AvroRecordSchema');
    const literal = this.#literal(this.#inline(schema, '', new Set()), '');
    this.#declarations.push(
      `export const ${schemaConst(name)}: AvroRecordSchema<${simpleName(name)}> = ${literal};\n`,
    );
    const imports = [...this.#imports]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([path, names]) =>
          `import type { ${[...names].sort().join(', ')} } from '${this.#specifier(path)}';\n`,
      );
    return `${HEADER}${imports.join('')}\n${this.#declarations.join('\n')}`;
  }

  #specifier(path) {
    const target = relative(dirname(join('generated', this.#file.path)), path);
    return target.startsWith('.') ? target : `./${target}`;
  }

  #import(path, name) {
    this.#imports.set(path, (this.#imports.get(path) ?? new Set()).add(name));
  }

  #tsType(node, namespace) {
    if (typeof node === 'string') {
      if (node in PRIMITIVES) return PRIMITIVES[node];
      const name = this.#library.resolve(node, namespace, this.#file);
      const { file } = this.#library.types.get(name);
      if (file !== this.#file) this.#import(`generated/${file.path}`, simpleName(name));
      return simpleName(name);
    }
    if (Array.isArray(node)) return this.#union(node, namespace);
    switch (node.type) {
      case 'record':
        return this.#record(node, namespace);
      case 'enum':
        return this.#enum(node, namespace);
      case 'fixed':
        this.#declarations.push(`${comment(node.doc)}export type ${simpleName(node.name)} = Buffer;\n`);
        return simpleName(node.name);
      case 'array':
        return `readonly ${parenthesised(this.#tsType(node.items, namespace))}[]`;
      case 'map':
        return `Readonly<Record<string, ${this.#tsType(node.values, namespace)}>>`;
      default:
        if (node.logicalType === 'json' && node.type === 'string') {
          this.#import('generated/avro.ts', 'JsonText');
          return 'JsonText';
        }
        return this.#tsType(node.type, namespace);
    }
  }

  #record(node, namespace) {
    const name = fullNameOf(node, namespace);
    const fields = node.fields.map(
      (field) =>
        `${comment(field.doc, '  ')}  readonly ${field.name}: ${this.#tsType(field.type, namespaceOf(name))};\n`,
    );
    this.#declarations.push(
      `${comment(node.doc)}export interface ${simpleName(name)} {\n${fields.join('')}}\n`,
    );
    return simpleName(name);
  }

  #enum(node, namespace) {
    const name = fullNameOf(node, namespace);
    const symbols = symbolsConst(name);
    this.#declarations.push(
      `export const ${symbols} = [${node.symbols.map(quote).join(', ')}] as const;\n`,
      `${comment(node.doc)}export type ${simpleName(name)} = (typeof ${symbols})[number];\n`,
    );
    return simpleName(name);
  }

  #union(branches, namespace) {
    const kinds = branches.map((branch) => this.#kind(branch, namespace));
    const buckets = kinds.map((kind) => UNION_BUCKETS[kind] ?? kind);
    const wrapped = new Set(buckets).size < buckets.length;
    return branches
      .map((branch, index) => {
        const type = this.#tsType(branch, namespace);
        if (!wrapped || kinds[index] === 'null') return type;
        return `{ readonly ${quote(this.#branchName(branch, namespace))}: ${type} }`;
      })
      .join(' | ');
  }

  #kind(node, namespace) {
    if (typeof node === 'string') {
      if (node in PRIMITIVES) return node;
      return this.#library.types.get(this.#library.resolve(node, namespace, this.#file)).node.type;
    }
    return typeof node.type === 'string' ? node.type : this.#kind(node.type, namespace);
  }

  #branchName(node, namespace) {
    if (typeof node === 'string')
      return node in PRIMITIVES ? node : this.#library.resolve(node, namespace, this.#file);
    return isNamed(node) ? fullNameOf(node, namespace) : this.#kind(node, namespace);
  }

  #inline(node, namespace, seen) {
    if (typeof node === 'string') {
      if (node in PRIMITIVES) return node;
      const name = this.#library.resolve(node, namespace, this.#file);
      if (seen.has(name)) return name;
      const { node: target, file } = this.#library.types.get(name);
      if (target !== file.schema)
        throw new SchemaError(
          `${this.#file.source} uses ${name} before its definition inside ${file.source}; give it a file`,
        );
      return this.#inline(target, namespaceOf(name), seen);
    }
    if (Array.isArray(node)) return node.map((branch) => this.#inline(branch, namespace, seen));
    const copy = { ...node };
    let inner = namespace;
    if (isNamed(node)) {
      const name = fullNameOf(node, namespace);
      if (seen.has(name)) throw new SchemaError(`${this.#file.source} gets two definitions of ${name}`);
      seen.add(name);
      inner = namespaceOf(name);
      Object.assign(copy, { type: node.type, name: simpleName(name), namespace: inner });
    }
    if (node.fields)
      copy.fields = node.fields.map((field) => ({ ...field, type: this.#inline(field.type, inner, seen) }));
    if (node.items !== undefined) copy.items = this.#inline(node.items, inner, seen);
    if (node.values !== undefined) copy.values = this.#inline(node.values, inner, seen);
    if (!isNamed(node) && node.items === undefined && node.values === undefined)
      copy.type = this.#inline(node.type, inner, seen);
    return copy;
  }

  #literal(value, indent) {
    const text = JSON.stringify(value);
    if (indent.length + text.length < 100 || typeof value !== 'object' || value === null) return text;
    const inner = `${indent}  `;
    if (Array.isArray(value))
      return `[\n${value.map((item) => `${inner}${this.#literal(item, inner)},\n`).join('')}${indent}]`;
    const lines = Object.entries(value).map(
      ([key, item]) => `${inner}${JSON.stringify(key)}: ${this.#literal(item, inner)},\n`,
    );
    return `{\n${lines.join('')}${indent}}`;
  }
}

const parenthesised = (type) => (type.includes(' ') ? `(${type})` : type);

function indexModule(library) {
  const exports = library.files.map((file) => `export * from './${file.path}';\n`);
  const names = library.files.map((file) => fullNameOf(file.schema, ''));
  const imports = library.files.map(
    (file, index) => `import { ${schemaConst(names[index])} } from './${file.path}';\n`,
  );
  const list = names.map((name) => `  { name: '${name}', schema: ${schemaConst(name)} },\n`);
  return `${HEADER}import type { AvroRecordSchema } from './avro.ts';
${imports.join('')}
export * from './avro.ts';
${exports.join('')}
/** Every record, by full name. */
export const SCHEMAS: readonly { readonly name: string; readonly schema: AvroRecordSchema<unknown> }[] = [
${list.join('')}];
`;
}

/** Texts of the generated files by path, from the texts of the schema files by path (both relative to their folder). */
function generate(sources) {
  const library = new Library();
  for (const [path, text] of sources) library.add(path, text);
  const output = new Map([['avro.ts', AVRO_MODULE]]);
  for (const file of library.files) output.set(file.path, new Module(library, file).text());
  output.set('index.ts', indexModule(library));
  return output;
}

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
