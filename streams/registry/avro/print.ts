import { type Attributes, type AvroType, type Field, type NamedType, splitName } from './schema.ts';

export interface PrintOptions {
  /** Full names of types that are defined elsewhere: referred to, not written out. */
  readonly known?: Iterable<string> | undefined;
  /** Also forget the order in which extra attributes were written. */
  readonly normalize?: boolean | undefined;
}

/**
 * One text for all ways to write a schema down: what two schemas must have in common to be the same to the registry.
 * White space, order of attributes and forms of names disappear; docs, aliases and defaults stay. Attributes come in
 * the order of Avro's Java library, since that is what registries store and their clients send.
 */
export function printAvro(type: AvroType, options: PrintOptions = {}): string {
  return JSON.stringify(new Printer(options).type(type, ''));
}

class Printer {
  readonly #written: Set<string>;
  readonly #normalize: boolean;

  constructor({ known = [], normalize = false }: PrintOptions) {
    this.#written = new Set(known);
    this.#normalize = normalize;
  }

  /** `namespace` is that of the innermost named type around. */
  type(type: AvroType, namespace: string): unknown {
    switch (type.kind) {
      case 'union':
        return type.branches.map((branch) => this.type(branch, namespace));
      case 'array':
        return {
          type: 'array',
          items: this.type(type.items, namespace),
          ...this.#attributes(type.attributes),
        };
      case 'map':
        return {
          type: 'map',
          values: this.type(type.values, namespace),
          ...this.#attributes(type.attributes),
        };
      case 'record':
      case 'enum':
      case 'fixed':
        return this.#named(type, namespace);
      default:
        if (type.attributes.length === 0) return type.kind;
        return { type: type.kind, ...this.#attributes(type.attributes) };
    }
  }

  #named(type: NamedType, outer: string): unknown {
    const { namespace, simple } = splitName(type.name);
    if (this.#written.has(type.name)) return namespace === outer ? simple : type.name;
    this.#written.add(type.name);
    return {
      type: type.kind === 'record' && type.isError ? 'error' : type.kind,
      name: simple,
      ...(namespace === outer ? {} : { namespace }),
      ...(type.doc === undefined ? {} : { doc: type.doc }),
      ...this.#content(type, namespace),
      ...this.#attributes(type.attributes),
      ...(type.aliases.length === 0
        ? {}
        : { aliases: type.aliases.map((alias) => relative(alias, namespace)) }),
    };
  }

  #content(type: NamedType, namespace: string): object {
    switch (type.kind) {
      case 'record':
        return { fields: type.fields.map((field) => this.#field(field, namespace)) };
      case 'enum':
        return { symbols: type.symbols, ...(type.default === undefined ? {} : { default: type.default }) };
      case 'fixed':
        return { size: type.size };
    }
  }

  #field(field: Field, namespace: string): object {
    return {
      name: field.name,
      type: this.type(field.type, namespace),
      ...(field.doc === undefined ? {} : { doc: field.doc }),
      ...(field.default === undefined ? {} : { default: field.default.value }),
      ...(field.order === 'ascending' ? {} : { order: field.order }),
      ...(field.aliases.length === 0 ? {} : { aliases: field.aliases }),
      ...this.#attributes(field.attributes),
    };
  }

  #attributes(attributes: Attributes): object {
    const sorted = this.#normalize ? attributes.toSorted(([a], [b]) => (a < b ? -1 : 1)) : attributes;
    return Object.fromEntries(sorted);
  }
}

function relative(fullName: string, outer: string): string {
  const { namespace, simple } = splitName(fullName);
  return namespace === outer ? simple : fullName;
}
