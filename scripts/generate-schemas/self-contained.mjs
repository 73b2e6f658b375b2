import { fullNameOf, isNamed, namespaceOf, PRIMITIVES, SchemaError, simpleName } from './library.mjs';

/** The schema of a file, with the types of other files put in at their first use. */
export function selfContained(file, library) {
  return inline(file.schema, '', new Set(), file, library);
}

function inline(node, namespace, seen, file, library) {
  if (typeof node === 'string') {
    if (PRIMITIVES.includes(node)) return node;
    const name = library.resolve(node, namespace, file);
    if (seen.has(name)) return name;
    const { node: target, file: definedIn } = library.types.get(name);
    if (target !== definedIn.schema)
      throw new SchemaError(
        `${file.source} uses ${name} before its definition inside ${definedIn.source}; give it a file`,
      );
    return inline(target, namespaceOf(name), seen, file, library);
  }
  if (Array.isArray(node)) return node.map((branch) => inline(branch, namespace, seen, file, library));
  const copy = { ...node };
  let inner = namespace;
  if (isNamed(node)) {
    const name = fullNameOf(node, namespace);
    if (seen.has(name)) throw new SchemaError(`${file.source} gets two definitions of ${name}`);
    seen.add(name);
    inner = namespaceOf(name);
    Object.assign(copy, { type: node.type, name: simpleName(name), namespace: inner });
  }
  if (node.fields)
    copy.fields = node.fields.map((field) => ({
      ...field,
      type: inline(field.type, inner, seen, file, library),
    }));
  if (node.items !== undefined) copy.items = inline(node.items, inner, seen, file, library);
  if (node.values !== undefined) copy.values = inline(node.values, inner, seen, file, library);
  if (!isNamed(node) && node.items === undefined && node.values === undefined)
    copy.type = inline(node.type, inner, seen, file, library);
  return copy;
}

/** As TypeScript, in lines people can read. */
export function literal(value, indent = '') {
  const text = JSON.stringify(value);
  if (indent.length + text.length < 100 || typeof value !== 'object' || value === null) return text;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((item) => `${inner}${literal(item, inner)},\n`).join('')}${indent}]`;
  const lines = Object.entries(value).map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${literal(item, inner)},\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}
