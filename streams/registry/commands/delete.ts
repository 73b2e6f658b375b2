import { RegistryError } from '../errors.ts';
import { type RegistryRecord, type SchemaVersion, tombstone } from '../records.ts';
import type { SchemaStore } from '../schema-store.ts';
import type { Decision } from './decision.ts';
import { requireSubject, requireVersion, requireWritable } from './require.ts';

/** Deletes all versions that are left, or for good all that were deleted softly; answers which. */
export function deleteSubject(
  store: SchemaStore,
  subject: string,
  permanent: boolean,
): Decision<readonly number[]> {
  requireWritable(store, subject);
  requireSubject(store, subject, true);
  const alive = store.versions(subject);
  if (!permanent && alive.length === 0)
    throw new RegistryError(
      'SUBJECT_SOFT_DELETED',
      `Subject '${subject}' was soft deleted. Set permanent=true to delete permanently`,
    );
  if (permanent && alive.length > 0)
    throw new RegistryError(
      'SUBJECT_NOT_SOFT_DELETED',
      `Subject '${subject}' was not deleted first before being permanently deleted`,
    );
  const versions = store.versions(subject, { deleted: permanent });
  for (const version of versions)
    if (store.referrers(version, { deleted: permanent }).some((referrer) => referrer.subject !== subject))
      throw referenceExists(version);

  const answer = versions.map(({ version }) => version);
  if (!permanent)
    return { records: [{ kind: 'DELETE_SUBJECT', subject, version: answer.at(-1) ?? 0 }], answer };
  return { records: [...versions.toReversed().map(tombstone), ...settingsGone(store, subject)], answer };
}

/** `version` is a number or `latest`. Answers the version deleted. */
export function deleteVersion(
  store: SchemaStore,
  subject: string,
  versionText: string,
  permanent: boolean,
): Decision<number> {
  requireWritable(store, subject);
  const target = requireVersion(store, subject, versionText, true);
  const { version } = target;
  if (!permanent && target.deleted)
    throw new RegistryError(
      'VERSION_SOFT_DELETED',
      `Subject '${subject}' Version ${version} was soft deleted. Set permanent=true to delete permanently`,
    );
  if (permanent && !target.deleted)
    throw new RegistryError(
      'VERSION_NOT_SOFT_DELETED',
      `Subject '${subject}' Version ${version} was not deleted first before being permanently deleted`,
    );
  if (store.referrers(target, { deleted: permanent }).length > 0) throw referenceExists(target);

  if (!permanent)
    return {
      records: [{ kind: 'SCHEMA', subject, version, value: { ...target, deleted: true } }],
      answer: version,
    };
  const isLast = store.versions(subject, { deleted: true }).length === 1;
  return { records: [tombstone(target), ...(isLast ? settingsGone(store, subject) : [])], answer: version };
}

function settingsGone(store: SchemaStore, subject: string): readonly RegistryRecord[] {
  return [
    ...(store.config(subject) === undefined ? [] : [{ kind: 'CONFIG', subject, value: null } as const]),
    ...(store.mode(subject) === undefined ? [] : [{ kind: 'MODE', subject, value: null } as const]),
  ];
}

function referenceExists({ subject, version }: SchemaVersion): RegistryError {
  return new RegistryError(
    'REFERENCE_EXISTS',
    `One or more references exist to the schema {subject=${subject},version=${version}}.`,
  );
}
