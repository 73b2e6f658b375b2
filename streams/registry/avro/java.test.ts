import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askAvroJava, withoutOracle } from '../../serdes/testing/avro-oracle.ts';
import { incompatibilities } from './compatibility.ts';
import { parseAvro } from './parse.ts';
import { printAvro } from './print.ts';

/** The shape of a schema before its types have names. */
type Shape =
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'array' | 'map'; readonly of: Shape }
  | { readonly kind: 'union'; readonly branches: readonly Shape[] }
  | { readonly kind: 'fixed'; readonly name: number; readonly size: number }
  | {
      readonly kind: 'enum';
      readonly name: number;
      readonly symbols: readonly string[];
      readonly hasDefault: boolean;
    }
  | {
      readonly kind: 'record';
      readonly name: number;
      readonly namespace: string | undefined;
      readonly alias: boolean;
      readonly fields: readonly FieldShape[];
    };

interface FieldShape {
  readonly name: string;
  readonly alias: string | undefined;
  readonly hasDefault: boolean;
  readonly doc: boolean;
  readonly type: Shape;
}

const name = fc.nat({ max: 1 });
const letter = fc.constantFrom('a', 'b', 'c');

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('primitive' as const),
      name: fc.constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'),
    }),
    fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), of: tie('shape') }),
    fc.record({ kind: fc.constant('union' as const), branches: fc.array(tie('shape'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('fixed' as const), name, size: fc.integer({ min: 1, max: 2 }) }),
    fc.record({
      kind: fc.constant('enum' as const),
      name,
      symbols: fc.uniqueArray(letter, { minLength: 1 }),
      hasDefault: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('record' as const),
      name,
      namespace: fc.constantFrom(undefined, 'x', 'y.z'),
      alias: fc.boolean(),
      fields: fc.uniqueArray(
        fc.record({
          name: letter,
          alias: fc.option(letter, { nil: undefined }),
          hasDefault: fc.boolean(),
          doc: fc.boolean(),
          type: tie('shape'),
        }),
        { selector: (field) => field.name, maxLength: 3 },
      ),
    }),
  ),
}));

/** Gives the shape's types names; where one is taken, the type that has it is meant. */
function schemaOf(from: Shape, taken = new Map<string, string>()): unknown {
  switch (from.kind) {
    case 'primitive':
      return from.name;
    case 'array':
      return { type: 'array', items: schemaOf(from.of, taken) };
    case 'map':
      return { type: 'map', values: schemaOf(from.of, taken) };
    case 'union':
      return unionOf(from.branches.map((branch) => schemaOf(branch, taken)));
    case 'fixed':
      return named(`F${from.name}`, '', taken, () => ({ type: 'fixed', size: from.size }));
    case 'enum':
      return named(`E${from.name}`, '', taken, () => ({
        type: 'enum',
        symbols: from.symbols,
        ...(from.hasDefault ? { default: from.symbols[0] } : {}),
      }));
    case 'record':
      return named(`R${from.name}`, from.namespace ?? '', taken, () => ({
        type: 'record',
        ...(from.alias ? { aliases: ['R0', 'x.R1'] } : {}),
        fields: from.fields.map((field) => fieldOf(field, from.fields, taken)),
      }));
  }
}

function named(simple: string, namespace: string, taken: Map<string, string>, define: () => object): unknown {
  const fullName = namespace === '' ? simple : `${namespace}.${simple}`;
  if (taken.has(fullName)) return namespace === '' ? { type: 'array', items: 'int' } : fullName;
  taken.set(fullName, simple);
  return { name: simple, namespace, ...define() };
}

function fieldOf(field: FieldShape, siblings: readonly FieldShape[], taken: Map<string, string>): object {
  const type = schemaOf(field.type, taken);
  // An added field without default, of an enum that has one, is a TYPE_MISMATCH to Java, with the whole record.
  const isDefaultEnum = field.type.kind === 'enum' && field.type.hasDefault;
  const byDefault = field.hasDefault || isDefaultEnum ? defaultOf(type) : undefined;
  const alias = siblings.some((sibling) => sibling.name === field.alias) ? undefined : field.alias;
  return {
    name: field.name,
    ...(field.doc ? { doc: 'What it is.' } : {}),
    type,
    ...(byDefault === undefined ? {} : { default: byDefault }),
    ...(alias === undefined ? {} : { aliases: [alias] }),
  };
}

/** Without unions in it, and with each type once. */
function unionOf(branches: readonly unknown[]): readonly unknown[] {
  const key = (type: unknown) => {
    const { namespace = '', name, type: kind } = Object(type);
    return typeof type === 'string' ? type : `${namespace}.${name ?? kind}`.replace(/^\./, '');
  };
  const flat = branches.flat();
  return flat.filter((branch, index) => flat.findIndex((other) => key(other) === key(branch)) === index);
}

function defaultOf(type: unknown): unknown {
  if (Array.isArray(type)) return type.length === 0 ? undefined : defaultOf(type[0]);
  switch (typeof type === 'string' ? type : Object(type).type) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'int':
    case 'long':
      return 7;
    case 'float':
    case 'double':
      return 0.5;
    case 'bytes':
    case 'string':
      return 'text';
    case 'array':
      return [];
    case 'map':
      return {};
    case 'enum':
      return Object(type).symbols[0];
    case 'fixed':
      return 'x'.repeat(Object(type).size);
    default:
      return undefined;
  }
}

/** The same in every run; another `FC_SEED` explores others. */
const samples = <T>(arbitrary: fc.Arbitrary<T>): readonly T[] =>
  fc.sample(arbitrary, { numRuns: 3000, seed: Number(process.env.FC_SEED ?? 1) });

test.skipIf(withoutOracle)('schemas are printed as Avro for Java prints them', async () => {
  const schemas = samples(shape).map((each) => JSON.stringify(schemaOf(each)));
  const answers = await askAvroJava(schemas.map((schema) => ({ ask: 'print', schema })));
  const ours = schemas.map((schema) => ({ schema: printAvro(parseAvro(schema).type) }));
  for (const [index, answer] of answers.entries())
    expect({ of: schemas[index], ...Object(answer) }).toEqual({ of: schemas[index], ...ours[index] });
});

test.skipIf(withoutOracle)(
  'readers are compatible with writers where Avro for Java says so, else for the same reasons',
  async () => {
    const pairs = samples(fc.tuple(shape, shape)).map(([reader, writer]) => ({
      reader: JSON.stringify(schemaOf(reader)),
      writer: JSON.stringify(schemaOf(writer)),
    }));
    const answers = await askAvroJava(pairs.map((pair) => ({ ask: 'compatible', ...pair })));
    const verdicts = answers.map((answer, index) => ({ ...pairs[index], ...Object(answer) }));
    for (const { reader, writer, ...theirs } of verdicts) {
      const ours = incompatibilities(parseAvro(reader).type, parseAvro(writer).type);
      const problems = ours.map(({ kind, path }) => `${kind} ${path}`);
      // Java fails altogether at a field that could be either of two.
      if (theirs.error?.includes('matches multiple fields'))
        expect({ reader, writer, problems }).not.toMatchObject({ problems: [] });
      else expect({ reader, writer, problems }).toEqual({ reader, writer, ...theirs });
    }
  },
);
