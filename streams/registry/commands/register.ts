import { InvalidAvroSchema } from '../avro/parse.ts';
import { RegistryError } from '../errors.ts';
import { violations } from '../levels.ts';
import { type SchemaReference, type SchemaVersion, tombstone } from '../records.ts';
import type { ReadSchema, SchemaStore } from '../schema-store.ts';
import type { Decision } from './decision.ts';
import { requireSubject, requireValidSubject, requireWritable } from './require.ts';

export interface SchemaRequest {
  readonly schema: string;
  readonly schemaType?: string | undefined;
  readonly references?: readonly SchemaReference[] | undefined;
}

export interface RegisterRequest extends SchemaRequest {
  readonly version?: number | undefined;
  readonly id?: number | undefined;
}

/** A schema as a client sent it. */
interface Candidate extends ReadSchema {
  readonly references: readonly SchemaReference[];
  readonly normalize: boolean;
}

/** Answers the schema's id: that of the same schema where there is one, under whatever subject. */
export function register(
  store: SchemaStore,
  subject: string,
  request: RegisterRequest,
  normalize = false,
): Decision<{ readonly id: number }> {
  requireValidSubject(subject);
  requireWritable(store, subject);
  if (request.id !== undefined && request.id >= 0)
    throw new RegistryError(
      'OPERATION_NOT_PERMITTED',
      `Subject ${subject} is not in import mode: it takes no id`,
    );

  const candidate = readRequest(store, subject, request, normalize);
  const existing = find(store, subject, candidate, false);
  if (existing !== undefined) return { records: [], answer: { id: existing.id } };

  const problems = problemsAfter(store, subject, candidate, store.versions(subject));
  if (problems.length > 0)
    throw new RegistryError(
      'INCOMPATIBLE_SCHEMA',
      `Schema being registered is incompatible with an earlier schema for subject "${subject}", ` +
        `details: [${problems.join(', ')}]`,
    );

  const all = store.versions(subject, { deleted: true });
  const version = (all.at(-1)?.version ?? 0) + 1;
  if (request.version !== undefined && request.version > 0 && request.version !== version)
    throw new RegistryError('INVALID_SCHEMA', `The next version of subject ${subject} is ${version}`);

  const twin = store.allVersions({ deleted: true }).find((other) => isSame(store, other, candidate));
  const id = twin?.id ?? store.nextId;
  // Registered again after its (soft) deletion, a schema moves to its new version.
  const moved = all.filter(
    (other) => other.id === id && store.referrers(other, { deleted: true }).length === 0,
  );
  const value: SchemaVersion = {
    subject,
    version,
    id,
    schemaType: 'AVRO',
    references: candidate.references,
    schema: twin?.schema ?? (candidate.normalize ? candidate.normalized : candidate.canonical),
    deleted: false,
  };
  return {
    records: [...moved.map(tombstone), { kind: 'SCHEMA', subject, version, value }],
    answer: { id },
  };
}

/** The version of the subject that holds this schema. */
export function lookUp(
  store: SchemaStore,
  subject: string,
  request: SchemaRequest,
  { normalize = false, deleted = false } = {},
): SchemaVersion {
  const found = find(store, subject, readRequest(store, subject, request, normalize), deleted);
  if (found !== undefined) return found;
  requireSubject(store, subject, deleted);
  throw new RegistryError('SCHEMA_NOT_FOUND', 'Schema not found');
}

/** What the subject's compatibility level has against the schema as the successor of these versions. */
export function testCompatibility(
  store: SchemaStore,
  subject: string,
  request: SchemaRequest,
  earlier: readonly SchemaVersion[],
  normalize = false,
): readonly string[] {
  return problemsAfter(store, subject, readRequest(store, subject, request, normalize), earlier);
}

function readRequest(
  store: SchemaStore,
  subject: string,
  request: SchemaRequest,
  normalize: boolean,
): Candidate {
  const { schemaType = 'AVRO', schema, references = [] } = request;
  if (schemaType.toUpperCase() !== 'AVRO')
    throw new RegistryError(
      'INVALID_SCHEMA',
      `Invalid schema type ${schemaType}: this registry takes AVRO only`,
    );
  if (schema.trim() === '') throw new RegistryError('INVALID_SCHEMA', 'Empty schema');
  try {
    const read = store.parse(schema, references);
    return { ...read, references, normalize: normalize || store.configInScope(subject).normalize };
  } catch (error) {
    if (!(error instanceof InvalidAvroSchema)) throw error;
    throw new RegistryError('INVALID_SCHEMA', `Invalid schema of type AVRO, details: ${error.message}`);
  }
}

function find(
  store: SchemaStore,
  subject: string,
  candidate: Candidate,
  deleted: boolean,
): SchemaVersion | undefined {
  const versions = store.versions(subject, { deleted }).toReversed();
  const same = versions.find((version) => isSame(store, version, candidate));
  if (same !== undefined || candidate.references.length > 0) return same;
  // Some clients look up as one schema what was registered with references.
  return versions.find(
    (version) =>
      version.references.length > 0 && store.read(version)?.selfContained === candidate.selfContained,
  );
}

function isSame(store: SchemaStore, version: SchemaVersion, candidate: Candidate): boolean {
  const text = candidate.normalize ? 'normalized' : 'canonical';
  return (
    store.read(version)?.[text] === candidate[text] &&
    referenceKeys(version.references) === referenceKeys(candidate.references)
  );
}

function referenceKeys(references: readonly SchemaReference[]): string {
  return JSON.stringify(
    references.map(({ name, subject, version }) => JSON.stringify([name, subject, version])).sort(),
  );
}

function problemsAfter(
  store: SchemaStore,
  subject: string,
  candidate: Candidate,
  earlier: readonly SchemaVersion[],
): readonly string[] {
  return violations(
    store.configInScope(subject).level,
    candidate.type,
    earlier.map((version) => ({ version: version.version, type: store.read(version)?.type })),
  );
}
