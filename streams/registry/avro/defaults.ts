import type { AvroType } from './schema.ts';

/** Whether a default, as JSON, is a value of the type. Of a union any branch may take it (Avro 1.12); bytes and fixed
 * are written as strings of the code points 0-255. */
export function isValidDefault(type: AvroType, value: unknown): boolean {
  switch (type.kind) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'number' && (value | 0) === value;
    case 'long':
      return typeof value === 'number' && Number.isSafeInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'string':
    case 'bytes':
      return typeof value === 'string';
    case 'fixed':
      return typeof value === 'string' && value.length === type.size;
    case 'enum':
      return typeof value === 'string' && type.symbols.includes(value);
    case 'array':
      return Array.isArray(value) && value.every((item) => isValidDefault(type.items, item));
    case 'map':
      return isObject(value) && Object.values(value).every((item) => isValidDefault(type.values, item));
    case 'union':
      return type.branches.some((branch) => isValidDefault(branch, value));
    case 'record':
      return (
        isObject(value) &&
        type.fields.every((field) =>
          Object.hasOwn(value, field.name)
            ? isValidDefault(field.type, value[field.name])
            : field.default !== undefined,
        )
      );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
