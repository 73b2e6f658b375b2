import { type CompatibilityLevel, parseLevel } from './levels.ts';

/**
 * What the topic `_schemas` holds: JSON keys and values as Confluent's registry writes them, so that it, and tools
 * that read its topic, can read ours and the other way round. `null` values are tombstones.
 */
export const SCHEMAS_TOPIC = '_schemas';

export interface SchemaReference {
  /** The name by which the schema uses it; of Avro the full name of a type. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface SchemaVersion {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly schemaType: string;
  readonly references: readonly SchemaReference[];
  readonly schema: string;
  /** Softly: no longer listed, but still found by its id. */
  readonly deleted: boolean;
}

export const MODES = ['READWRITE', 'READONLY'] as const;
export type Mode = (typeof MODES)[number];

export interface Config {
  readonly compatibilityLevel?: CompatibilityLevel | undefined;
  readonly normalize?: boolean | undefined;
}

/** A record of the topic. `subject: undefined` is the global setting. */
export type RegistryRecord =
  | {
      readonly kind: 'SCHEMA';
      readonly subject: string;
      readonly version: number;
      readonly value: SchemaVersion | null;
    }
  | { readonly kind: 'CONFIG'; readonly subject: string | undefined; readonly value: Config | null }
  | { readonly kind: 'MODE'; readonly subject: string | undefined; readonly value: Mode | null }
  /** Deletes the versions of a subject, up to this one, softly. */
  | { readonly kind: 'DELETE_SUBJECT'; readonly subject: string; readonly version: number };

export function tombstone({ subject, version }: SchemaVersion): RegistryRecord {
  return { kind: 'SCHEMA', subject, version, value: null };
}

export function encodeRecord(record: RegistryRecord): {
  readonly key: Buffer;
  readonly value: Buffer | null;
} {
  const { kind, subject } = record;
  switch (kind) {
    case 'SCHEMA': {
      const key = { keytype: kind, subject, version: record.version, magic: 1 };
      return { key: json(key), value: record.value && json(schemaValue(record.value)) };
    }
    case 'CONFIG':
      return {
        key: json({ keytype: kind, subject, magic: 0 }),
        value: record.value && json({ subject, ...record.value }),
      };
    case 'MODE':
      return {
        key: json({ keytype: kind, subject, magic: 0 }),
        value: record.value && json({ subject, mode: record.value }),
      };
    case 'DELETE_SUBJECT':
      return {
        key: json({ keytype: kind, subject, magic: 0 }),
        value: json({ subject, version: record.version }),
      };
  }
}

function schemaValue({ schemaType, references, ...rest }: SchemaVersion): object {
  const { subject, version, id, schema, deleted } = rest;
  return {
    subject,
    version,
    id,
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references.length === 0 ? {} : { references }),
    schema,
    deleted,
  };
}

/** `undefined` for what says nothing to us: other key types (NOOP, CONTEXT, ...), or bytes nobody of ours wrote. */
export function decodeRecord(key: Buffer | null, value: Buffer | null): RegistryRecord | undefined {
  const k = parseObject(key);
  const v = value === null ? null : parseObject(value);
  if (k === undefined || v === undefined) return undefined;
  const subject = text(k.subject);
  switch (k.keytype) {
    case 'SCHEMA': {
      const version = number(k.version);
      if (subject === undefined || version === undefined) return undefined;
      const schema = v && decodeSchema(v, subject, version);
      return schema === undefined ? undefined : { kind: 'SCHEMA', subject, version, value: schema };
    }
    case 'CONFIG':
      return { kind: 'CONFIG', subject, value: v && decodeConfig(v) };
    case 'MODE': {
      const mode = v && MODES.find((known) => known === v.mode);
      return mode === undefined ? undefined : { kind: 'MODE', subject, value: mode };
    }
    case 'DELETE_SUBJECT': {
      const version = v === null ? undefined : number(v.version);
      if (subject === undefined || version === undefined) return undefined;
      return { kind: 'DELETE_SUBJECT', subject, version };
    }
    default:
      return undefined;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function decodeSchema(value: JsonObject, subject: string, version: number): SchemaVersion | undefined {
  const id = number(value.id);
  const schema = text(value.schema);
  if (id === undefined || schema === undefined) return undefined;
  const schemaType = text(value.schemaType) ?? 'AVRO';
  const listed = value.references;
  const references = Array.isArray(listed) ? listed.filter(isReference) : [];
  return { subject, version, id, schemaType, references, schema, deleted: value.deleted === true };
}

function decodeConfig(value: JsonObject): Config {
  const { normalize } = value;
  return {
    compatibilityLevel: parseLevel(text(value.compatibilityLevel) ?? ''),
    normalize: typeof normalize === 'boolean' ? normalize : undefined,
  };
}

function isReference(value: unknown): value is SchemaReference {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    typeof value.subject === 'string' &&
    typeof value.version === 'number'
  );
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function parseObject(bytes: Buffer | null): JsonObject | undefined {
  if (bytes === null) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}
