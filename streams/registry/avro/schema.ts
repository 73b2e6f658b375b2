/** A parsed Avro schema. A reference to a named type is the very object of its definition, so recursive schemas are
 * cyclic. https://avro.apache.org/docs/1.12.0/specification/#schema-declaration */
export type AvroType = PrimitiveType | ArrayType | MapType | UnionType | RecordType | EnumType | FixedType;

export type NamedType = RecordType | EnumType | FixedType;

export const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;

/** What a schema says beyond the specification's own attributes (`logicalType`, `precision`, ...), as written. */
export type Attributes = readonly (readonly [name: string, value: unknown])[];

export interface PrimitiveType {
  readonly kind: (typeof PRIMITIVES)[number];
  readonly attributes: Attributes;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly items: AvroType;
  readonly attributes: Attributes;
}

export interface MapType {
  readonly kind: 'map';
  readonly values: AvroType;
  readonly attributes: Attributes;
}

export interface UnionType {
  readonly kind: 'union';
  readonly branches: readonly AvroType[];
}

interface Named {
  /** With its namespace. */
  readonly name: string;
  readonly doc: string | undefined;
  /** With their namespaces. */
  readonly aliases: readonly string[];
  readonly attributes: Attributes;
}

export interface RecordType extends Named {
  readonly kind: 'record';
  readonly isError: boolean;
  readonly fields: readonly Field[];
}

export interface EnumType extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}

export interface FixedType extends Named {
  readonly kind: 'fixed';
  readonly size: number;
}

export interface Field {
  readonly name: string;
  readonly doc: string | undefined;
  readonly type: AvroType;
  /** `null` is a default too, hence the box. */
  readonly default: { readonly value: unknown } | undefined;
  readonly order: 'ascending' | 'descending' | 'ignore';
  readonly aliases: readonly string[];
  readonly attributes: Attributes;
}

export function isNamed(type: AvroType): type is NamedType {
  return type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed';
}

/** `b.C` of `a.b.C` is "a.b" and "C". */
export function splitName(fullName: string): { readonly namespace: string; readonly simple: string } {
  const dot = fullName.lastIndexOf('.');
  return { namespace: fullName.slice(0, Math.max(dot, 0)), simple: fullName.slice(dot + 1) };
}
