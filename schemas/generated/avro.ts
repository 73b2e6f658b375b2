// Generated from schemas/avro by `npm run generate`. Do not edit.

/** Text of one JSON value (`logicalType: "json"`), to be parsed where it is read. */
export type JsonText = string;

export type AvroType = string | AvroNode | readonly AvroType[];

/** A schema in object form, with whatever attributes its type has. */
export interface AvroNode {
  readonly type: AvroType;
  readonly [attribute: string]: unknown;
}

/** The self-contained Avro schema of the records that `T` describes. `$type` is never there: it only ties the
 * schema to its TypeScript type. */
export interface AvroRecordSchema<T> extends AvroNode {
  readonly type: 'record';
  readonly name: string;
  readonly namespace: string;
  readonly $type?: T;
}
