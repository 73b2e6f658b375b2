import { isValidDefault } from './defaults.ts';
import {
  type Attributes,
  type AvroType,
  type EnumType,
  type Field,
  type FixedType,
  isNamed,
  type NamedType,
  PRIMITIVES,
  type PrimitiveType,
  type RecordType,
  splitName,
} from './schema.ts';

/** Not an Avro schema; the message says where in it and why. */
export class InvalidAvroSchema extends Error {
  override readonly name = 'InvalidAvroSchema';
}

/** Named types by full name. */
export type NamedTypes = ReadonlyMap<string, NamedType>;

export interface ParsedSchema {
  readonly type: AvroType;
  /** Those that were known, and those the schema defines. */
  readonly named: NamedTypes;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Deeper than any schema people write, and far from the end of the stack. */
const MAX_DEPTH = 200;
/** Comparing two unions takes the product of their sizes. */
const MAX_BRANCHES = 1000;

const TYPE_ATTRIBUTES = new Set(['type', 'items', 'values']);
const NAMING_ATTRIBUTES = ['type', 'name', 'namespace', 'doc', 'aliases'];
const NAMED_ATTRIBUTES = new Set([...NAMING_ATTRIBUTES, 'fields', 'symbols', 'default', 'size']);
const FIELD_ATTRIBUTES = new Set(['name', 'type', 'doc', 'default', 'order', 'aliases']);

/** Parses a schema that may use the `known` named types. Throws `InvalidAvroSchema`. */
export function parseAvro(text: string, known: NamedTypes = new Map()): ParsedSchema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InvalidAvroSchema('the schema is not JSON');
  }
  const parser = new Parser(known);
  const type = parser.type(json, { namespace: '', path: '', depth: 0 });
  for (const { field, path } of parser.defaults)
    if (field.default !== undefined && !isValidDefault(field.type, field.default.value))
      throw new InvalidAvroSchema(`the default of field ${field.name} is not of its type (at ${path})`);
  return { type, named: parser.named };
}

interface Place {
  /** Of the innermost named type around. */
  readonly namespace: string;
  /** JSON pointer. */
  readonly path: string;
  readonly depth: number;
}

class Parser {
  readonly named: Map<string, NamedType>;
  /** To be checked at the end, when recursive types are complete. */
  readonly defaults: { readonly field: Field; readonly path: string }[] = [];

  constructor(known: NamedTypes) {
    this.named = new Map(known);
  }

  type(json: unknown, place: Place): AvroType {
    if (place.depth > MAX_DEPTH) fail(place, `types are nested more than ${MAX_DEPTH} deep`);
    if (typeof json === 'string') return this.#reference(json, place);
    if (Array.isArray(json)) return this.#union(json, place);
    if (!isObject(json)) fail(place, 'a type must be a name, a union or an object');
    const kind = json.type;
    if (typeof kind !== 'string') fail(place, 'the type has no "type"');
    switch (kind) {
      case 'record':
      case 'error':
        return this.#record(json, place);
      case 'enum':
        return this.#enum(json, place);
      case 'fixed':
        return this.#fixed(json, place);
      case 'array': {
        const items = this.type(json.items, inside(place, 'items'));
        return { kind, items, attributes: others(json, TYPE_ATTRIBUTES) };
      }
      case 'map': {
        const values = this.type(json.values, inside(place, 'values'));
        return { kind, values, attributes: others(json, TYPE_ATTRIBUTES) };
      }
      default:
        if (isPrimitive(kind)) return { kind, attributes: others(json, TYPE_ATTRIBUTES) };
        return this.#reference(kind, place);
    }
  }

  #reference(name: string, place: Place): AvroType {
    if (isPrimitive(name)) return { kind: name, attributes: [] };
    const type = this.named.get(qualify(name, place.namespace)) ?? this.named.get(name);
    return type ?? fail(place, `the type ${JSON.stringify(name)} is not defined`);
  }

  #union(json: readonly unknown[], place: Place): AvroType {
    if (json.length > MAX_BRANCHES) fail(place, `a union has more than ${MAX_BRANCHES} types`);
    const branches = json.map((branch, index) => this.type(branch, inside(place, index)));
    const seen = new Set<string>();
    for (const branch of branches) {
      if (branch.kind === 'union') fail(place, 'a union must not directly hold another');
      const name = isNamed(branch) ? branch.name : branch.kind;
      if (seen.has(name)) fail(place, `the union holds ${name} twice`);
      seen.add(name);
    }
    return { kind: 'union', branches };
  }

  #record(json: JsonObject, place: Place): RecordType {
    const list = json.fields;
    if (!Array.isArray(list)) fail(place, 'the record has no list of "fields"');
    const fields: Field[] = [];
    const isError = json.type === 'error';
    const record: RecordType = { kind: 'record', isError, fields, ...this.#naming(json, place) };
    this.#define(record, place);
    const within = { ...place, namespace: splitName(record.name).namespace };
    const seen = new Set<string>();
    for (const [index, item] of list.entries()) {
      const field = this.#field(item, inside(inside(within, 'fields'), index));
      if (seen.has(field.name)) fail(place, `the record has two fields ${field.name}`);
      seen.add(field.name);
      fields.push(field);
    }
    return record;
  }

  #field(json: unknown, place: Place): Field {
    if (!isObject(json)) fail(place, 'a field must be an object');
    const name = json.name;
    if (typeof name !== 'string' || !NAME.test(name))
      fail(place, `${JSON.stringify(name)} is no name of a field`);
    if (json.type === undefined) fail(place, `the field ${name} has no "type"`);
    const order = json.order ?? 'ascending';
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore')
      fail(place, `${JSON.stringify(order)} is no order of a field`);
    const field: Field = {
      name,
      doc: optionalText(json, 'doc', place),
      type: this.type(json.type, inside(place, 'type')),
      default: Object.hasOwn(json, 'default') ? { value: json.default } : undefined,
      order,
      aliases: names(json.aliases ?? [], place),
      attributes: others(json, FIELD_ATTRIBUTES),
    };
    this.defaults.push({ field, path: place.path });
    return field;
  }

  #enum(json: JsonObject, place: Place): EnumType {
    const symbols = names(json.symbols, place);
    if (new Set(symbols).size < symbols.length) fail(place, 'the enum has a symbol twice');
    const byDefault = json.default;
    if (byDefault !== undefined && (typeof byDefault !== 'string' || !symbols.includes(byDefault)))
      fail(place, `the default ${JSON.stringify(byDefault)} is no symbol of the enum`);
    return this.#define({ kind: 'enum', symbols, default: byDefault, ...this.#naming(json, place) }, place);
  }

  #fixed(json: JsonObject, place: Place): FixedType {
    const size = json.size;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
      fail(place, 'the fixed has no "size"');
    return this.#define({ kind: 'fixed', size, ...this.#naming(json, place) }, place);
  }

  #define<T extends NamedType>(type: T, place: Place): T {
    if (this.named.has(type.name)) fail(place, `${type.name} is defined twice`);
    this.named.set(type.name, type);
    return type;
  }

  #naming(json: JsonObject, place: Place): Pick<NamedType, 'name' | 'doc' | 'aliases' | 'attributes'> {
    const { name } = json;
    if (typeof name !== 'string') fail(place, 'the type has no "name"');
    const fullName = qualify(name, optionalText(json, 'namespace', place) ?? place.namespace);
    if (!isFullName(fullName) || isPrimitive(fullName))
      fail(place, `${JSON.stringify(fullName)} is no name of a type`);
    const aliases = json.aliases ?? [];
    if (!Array.isArray(aliases) || !aliases.every((alias) => typeof alias === 'string' && isFullName(alias)))
      fail(place, 'the "aliases" are no list of names');
    return {
      name: fullName,
      doc: optionalText(json, 'doc', place),
      aliases: aliases.map((alias) => qualify(alias, splitName(fullName).namespace)),
      attributes: others(json, NAMED_ATTRIBUTES),
    };
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isPrimitive(name: string): name is PrimitiveType['kind'] {
  return PRIMITIVES.some((primitive) => primitive === name);
}

function isFullName(name: string): boolean {
  return name.split('.').every((part) => NAME.test(part));
}

function qualify(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

function inside(place: Place, step: string | number): Place {
  return { ...place, path: `${place.path}/${step}`, depth: place.depth + 1 };
}

function fail(place: Place, problem: string): never {
  throw new InvalidAvroSchema(`${problem} (at ${place.path || '/'})`);
}

function optionalText(json: JsonObject, attribute: string, place: Place): string | undefined {
  const value = json[attribute] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  return fail(place, `"${attribute}" must be a string`);
}

function names(value: unknown, place: Place): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string' && NAME.test(item)))
    return value;
  return fail(place, 'a list of names is missing or has one that is none');
}

function others(json: JsonObject, known: ReadonlySet<string>): Attributes {
  return Object.entries(json).filter(([name]) => !known.has(name));
}
