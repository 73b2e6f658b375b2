import { dirname, join, relative } from 'node:path';
import {
  fullNameOf,
  isNamed,
  Library,
  namespaceOf,
  PRIMITIVES,
  SchemaError,
  simpleName,
} from './library.mjs';
import { literal, selfContained } from './self-contained.mjs';

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

const TYPES = {
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

const upperSnake = (name) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
const quote = (text) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
const schemaConst = (fullName) => `${upperSnake(simpleName(fullName))}_SCHEMA`;
const symbolsConst = (fullName) => `${upperSnake(simpleName(fullName))}_SYMBOLS`;
const parenthesised = (type) => (type.includes(' ') ? `(${type})` : type);

function comment(text, indent = '') {
  if (!text) return '';
  return `${indent}/** ${text.replaceAll('*/', '*\\/').replaceAll('\n', `\n${indent} * `)} */\n`;
}

/** Texts of the generated files by path, from the texts of the schema files by path (both relative to their folder). */
export function generate(sources) {
  const library = new Library();
  for (const [path, text] of sources) library.add(path, text);
  library.composeUnions();
  const output = new Map([['avro.ts', AVRO_MODULE]]);
  for (const file of library.files) output.set(file.path, new Module(library, file).text());
  output.set('index.ts', indexModule(library));
  return output;
}

/** The module of one file: its types and its schema. */
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
    const value = literal(selfContained(this.#file, this.#library));
    this.#declarations.push(
      `export const ${schemaConst(name)}: AvroRecordSchema<${simpleName(name)}> = ${value};\n`,
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
      if (PRIMITIVES.includes(node)) return TYPES[node];
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
      if (PRIMITIVES.includes(node)) return node;
      return this.#library.types.get(this.#library.resolve(node, namespace, this.#file)).node.type;
    }
    return typeof node.type === 'string' ? node.type : this.#kind(node.type, namespace);
  }

  #branchName(node, namespace) {
    if (typeof node === 'string')
      return PRIMITIVES.includes(node) ? node : this.#library.resolve(node, namespace, this.#file);
    return isNamed(node) ? fullNameOf(node, namespace) : this.#kind(node, namespace);
  }
}

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
