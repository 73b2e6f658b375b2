import { RegistryError } from '../errors.ts';
import { parseLevel } from '../levels.ts';
import { type Config, MODES, type Mode } from '../records.ts';
import type { SchemaStore } from '../schema-store.ts';
import type { Decision } from './decision.ts';
import { requireValidSubject, subjectNotFound } from './require.ts';

/** Without a subject, the global setting. What is left out of `change` stays as it is. */
export function setConfig(
  store: SchemaStore,
  subject: string | undefined,
  change: { readonly compatibility?: string | undefined; readonly normalize?: boolean | undefined },
): Decision<Config> {
  if (subject !== undefined) requireValidSubject(subject);
  const level = change.compatibility === undefined ? undefined : parseLevel(change.compatibility);
  if (change.compatibility !== undefined && level === undefined)
    throw new RegistryError(
      'INVALID_COMPATIBILITY',
      'Invalid compatibility level. Valid values are none, backward, forward, full, ' +
        'backward_transitive, forward_transitive, and full_transitive',
    );
  const before = store.config(subject);
  const value: Config = {
    compatibilityLevel: level ?? before?.compatibilityLevel,
    normalize: change.normalize ?? before?.normalize,
  };
  return { records: [{ kind: 'CONFIG', subject, value }], answer: value };
}

/** Back to the setting above; answers what was set. */
export function deleteConfig(store: SchemaStore, subject: string | undefined): Decision<Config> {
  const answer = store.config(subject);
  if (answer === undefined) throw subjectNotFound(subject);
  return { records: [{ kind: 'CONFIG', subject, value: null }], answer };
}

export function setMode(subject: string | undefined, text: string): Decision<Mode> {
  if (subject !== undefined) requireValidSubject(subject);
  const mode = MODES.find((known) => known === text.toUpperCase());
  if (mode === undefined)
    throw new RegistryError('INVALID_MODE', `Invalid mode. Valid values are ${MODES.join(' and ')}.`);
  return { records: [{ kind: 'MODE', subject, value: mode }], answer: mode };
}

export function deleteMode(store: SchemaStore, subject: string | undefined): Decision<Mode> {
  const answer = store.mode(subject);
  if (answer === undefined) throw subjectNotFound(subject);
  return { records: [{ kind: 'MODE', subject, value: null }], answer };
}
