export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'];

/** Something is wrong with the schema files; the message says what and where. */
export class SchemaError extends Error {}

export const simpleName = (fullName) => fullName.slice(fullName.lastIndexOf('.') + 1);
export const namespaceOf = (fullName) => fullName.slice(0, Math.max(fullName.lastIndexOf('.'), 0));
export const isNamed = (node) => node.type === 'record' || node.type === 'enum' || node.type === 'fixed';

/** Of a named type, seen from inside `namespace`. */
export function fullNameOf(node, namespace) {
  if (node.name.includes('.') || !(node.namespace ?? namespace)) return node.name;
  return `${node.namespace ?? namespace}.${node.name}`;
}

/** All schemas of the folder; every name that can be referred to, with the file that defines it. */
export class Library {
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

  /**
   * Turns a field's `{"type": "union", "of": "config/events"}`, which is no Avro, into the union of all records of
   * that folder, in order of their names: so a new record joins by being there. Readers tell branches by name, so
   * their order may change. To be called when all files are added.
   */
  composeUnions() {
    for (const file of this.files)
      for (const field of file.schema.fields ?? [])
        if (field.type?.type === 'union') field.type = this.#recordsIn(field.type.of, file);
  }

  #recordsIn(folder, file) {
    const names = this.files
      .filter(({ source }) => source.slice(0, source.lastIndexOf('/')) === folder)
      .map(({ schema }) => fullNameOf(schema, ''));
    if (names.length === 0) throw new SchemaError(`${file.source} unites ${folder}, which holds no schema`);
    return names.sort();
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
