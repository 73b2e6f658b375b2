import { RegistryError } from '../errors.ts';
import type { SchemaVersion } from '../records.ts';
import type { SchemaStore } from '../schema-store.ts';

/** The version meant by a number or `latest`, -1 (never a deleted one). */
export function requireVersion(
  store: SchemaStore,
  subject: string,
  text: string,
  deleted: boolean,
): SchemaVersion {
  const isLatest = text === 'latest' || text === '-1';
  const number = Number(text);
  if (!isLatest && (!/^\d+$/.test(text) || number < 1 || number > 2 ** 31 - 1))
    throw new RegistryError(
      'INVALID_VERSION',
      `The specified version '${text}' is not a valid version id. ` +
        'Allowed values are between [1, 2^31-1] and the string "latest"',
    );
  const found = isLatest ? store.versions(subject).at(-1) : store.version(subject, number, { deleted });
  if (found !== undefined) return found;
  requireSubject(store, subject, deleted);
  throw new RegistryError('VERSION_NOT_FOUND', `Version ${isLatest ? -1 : number} not found.`);
}

export function requireSubject(store: SchemaStore, subject: string, deleted: boolean): void {
  if (store.versions(subject, { deleted }).length === 0) throw subjectNotFound(subject);
}

export function subjectNotFound(subject: string | undefined): RegistryError {
  return new RegistryError('SUBJECT_NOT_FOUND', `Subject '${subject}' not found.`);
}

export function requireValidSubject(subject: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a subject must not have.
  if (subject.trim() === '' || /[\u0000-\u001f\u007f-\u009f]/.test(subject))
    throw new RegistryError(
      'INVALID_SUBJECT',
      `The specified subject ${JSON.stringify(subject)} is not valid.`,
    );
}

export function requireWritable(store: SchemaStore, subject: string): void {
  if (store.modeInScope(subject) === 'READONLY')
    throw new RegistryError('OPERATION_NOT_PERMITTED', `Subject ${subject} is in read-only mode`);
}
