import {
  type AvroType,
  type EnumType,
  type FixedType,
  isNamed,
  type NamedType,
  type RecordType,
  splitName,
} from './schema.ts';

export type IncompatibilityKind =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH';

/** Why a reader cannot read all that a writer may write. `path` is a JSON pointer into the reader's schema, except for
 * a branch of a union of the writer. */
export interface Incompatibility {
  readonly kind: IncompatibilityKind;
  readonly path: string;
  readonly detail: string;
}

/** What is wrong with a type is wrong wherever it is used; types that use each other twice would double it each time. */
const MAX_REPORTED = 100;

/** Types that a reader's type reads beside its own. */
const PROMOTIONS: Partial<Record<AvroType['kind'], readonly AvroType['kind'][]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

/**
 * Everything that keeps a reader from reading what a writer wrote, by Avro's rules of schema resolution; empty when
 * nothing does. The kinds are those of `SchemaCompatibility` in Avro's Java library.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 */
export function incompatibilities(reader: AvroType, writer: AvroType): readonly Incompatibility[] {
  return new Checker().check(reader, writer, '');
}

class Checker {
  /** By reader, by writer. A pair being checked counts as compatible, which ends recursion. */
  readonly #checked = new Map<AvroType, Map<AvroType, readonly Incompatibility[]>>();

  check(reader: AvroType, writer: AvroType, path: string): readonly Incompatibility[] {
    const checked = this.#checked.get(reader) ?? new Map<AvroType, readonly Incompatibility[]>();
    this.#checked.set(reader, checked);
    const known = checked.get(writer);
    if (known !== undefined) return known;
    checked.set(writer, []);
    const found = this.#compare(reader, writer, path).slice(0, MAX_REPORTED);
    checked.set(writer, found);
    return found;
  }

  #compare(reader: AvroType, writer: AvroType, path: string): readonly Incompatibility[] {
    if (reader.kind === 'union') {
      const writers = writer.kind === 'union' ? writer.branches : [writer];
      return writers.flatMap((branch, index) => {
        if (reader.branches.some((own) => this.check(own, branch, path).length === 0)) return [];
        const at = writer.kind === 'union' ? `${path}/${index}` : path;
        return [
          incompatible('MISSING_UNION_BRANCH', at, `reader union lacking writer type: ${label(branch)}`),
        ];
      });
    }
    if (writer.kind === 'union')
      return writer.branches.flatMap((branch, index) => this.check(reader, branch, `${path}/${index}`));
    if (reader.kind === 'array' && writer.kind === 'array')
      return this.check(reader.items, writer.items, `${path}/items`);
    if (reader.kind === 'map' && writer.kind === 'map')
      return this.check(reader.values, writer.values, `${path}/values`);
    if (reader.kind === 'record' && writer.kind === 'record')
      return [...nameMismatch(reader, writer, path), ...this.#fields(reader, writer, `${path}/fields`)];
    if (reader.kind === 'enum' && writer.kind === 'enum')
      return [...nameMismatch(reader, writer, path), ...missingSymbols(reader, writer, `${path}/symbols`)];
    if (reader.kind === 'fixed' && writer.kind === 'fixed')
      return [...nameMismatch(reader, writer, path), ...sizeMismatch(reader, writer, `${path}/size`)];
    if (reader.kind === writer.kind || PROMOTIONS[reader.kind]?.includes(writer.kind)) return [];
    return [
      incompatible(
        'TYPE_MISMATCH',
        path,
        `reader type: ${label(reader)} not compatible with writer type: ${label(writer)}`,
      ),
    ];
  }

  #fields(reader: RecordType, writer: RecordType, path: string): readonly Incompatibility[] {
    const byName = new Map(writer.fields.map((field) => [field.name, field]));
    return reader.fields.flatMap((field, index) => {
      const names = [field.name, ...field.aliases].filter((name) => byName.has(name));
      const written = byName.get(names[0] ?? '');
      if (written === undefined) {
        if (field.default !== undefined) return [];
        return [incompatible('READER_FIELD_MISSING_DEFAULT_VALUE', `${path}/${index}`, field.name)];
      }
      if (names.length > 1) {
        const detail = `name and aliases match several fields: ${names.join(', ')}`;
        return [incompatible('NAME_MISMATCH', `${path}/${index}`, detail)];
      }
      return this.check(field.type, written.type, `${path}/${index}/type`);
    });
  }
}

/** Names match without their namespaces, as in the Java library; aliases with them. */
function nameMismatch(reader: NamedType, writer: NamedType, path: string): readonly Incompatibility[] {
  if (splitName(reader.name).simple === splitName(writer.name).simple) return [];
  if (reader.aliases.includes(writer.name)) return [];
  return [incompatible('NAME_MISMATCH', `${path}/name`, `expected: ${writer.name}`)];
}

function missingSymbols(reader: EnumType, writer: EnumType, path: string): readonly Incompatibility[] {
  const missing = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  if (missing.length === 0 || reader.default !== undefined) return [];
  return [incompatible('MISSING_ENUM_SYMBOLS', path, `[${missing.toSorted().join(', ')}]`)];
}

function sizeMismatch(reader: FixedType, writer: FixedType, path: string): readonly Incompatibility[] {
  if (reader.size === writer.size) return [];
  return [incompatible('FIXED_SIZE_MISMATCH', path, `expected: ${writer.size}, found: ${reader.size}`)];
}

function incompatible(kind: IncompatibilityKind, path: string, detail: string): Incompatibility {
  return { kind, path: path || '/', detail };
}

function label(type: AvroType): string {
  return isNamed(type) ? `${type.kind.toUpperCase()} ${type.name}` : type.kind.toUpperCase();
}
