import { type Incompatibility, type IncompatibilityKind, incompatibilities } from './avro/compatibility.ts';
import type { AvroType } from './avro/schema.ts';

/** Which earlier versions a new one must get along with, and in which direction.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html */
export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;

export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/** Clients may write levels in lower case. */
export function parseLevel(text: string): CompatibilityLevel | undefined {
  const upper = text.toUpperCase();
  return COMPATIBILITY_LEVELS.find((level) => level === upper);
}

export interface EarlierVersion {
  readonly version: number;
  /** `undefined`: not Avro. */
  readonly type: AvroType | undefined;
}

/** What is wrong with a new schema after the earlier versions (oldest first), in words; nothing when it may follow. */
export function violations(
  level: CompatibilityLevel,
  newer: AvroType,
  earlier: readonly EarlierVersion[],
): readonly string[] {
  if (level === 'NONE') return [];
  const checked = level.endsWith('_TRANSITIVE') ? earlier.toReversed() : earlier.slice(-1);
  for (const { version, type } of checked) {
    const found =
      type === undefined ? ['Incompatible because of different schema type'] : compare(level, newer, type);
    // The nearest offender is enough to act on.
    if (found.length > 0) return [...found, `{oldSchemaVersion: ${version}}`, `{compatibility: '${level}'}`];
  }
  return [];
}

function compare(
  level: Exclude<CompatibilityLevel, 'NONE'>,
  newer: AvroType,
  older: AvroType,
): readonly string[] {
  const backward = () => incompatibilities(newer, older).map((found) => describe(found, 'new', 'old'));
  const forward = () => incompatibilities(older, newer).map((found) => describe(found, 'old', 'new'));
  switch (level) {
    case 'BACKWARD':
    case 'BACKWARD_TRANSITIVE':
      return backward();
    case 'FORWARD':
    case 'FORWARD_TRANSITIVE':
      return forward();
    case 'FULL':
    case 'FULL_TRANSITIVE':
      return [...backward(), ...forward()];
  }
}

const EXPLANATIONS: Record<IncompatibilityKind, string> = {
  NAME_MISMATCH: 'the READER schema has another name than the WRITER schema, and no alias for it',
  FIXED_SIZE_MISMATCH: 'the fixed of the READER schema has another size than that of the WRITER schema',
  MISSING_ENUM_SYMBOLS: 'the READER schema lacks symbols the WRITER schema has, and has no default symbol',
  READER_FIELD_MISSING_DEFAULT_VALUE:
    'the field is in the READER schema without a default, and not in the WRITER schema',
  TYPE_MISMATCH: 'the READER schema has a type that cannot hold that of the WRITER schema',
  MISSING_UNION_BRANCH: 'no type of the union in the READER schema can hold one of the WRITER schema',
};

function describe({ kind, path, detail }: Incompatibility, reader: string, writer: string): string {
  const explanation = EXPLANATIONS[kind].replaceAll('READER', reader).replaceAll('WRITER', writer);
  return `{errorType:'${kind}', description:'At ${path}: ${explanation}', additionalInfo:'${detail}'}`;
}
