import type { RegistryRecord } from '../records.ts';

/** What a command answers, and the records that make it so. A command that may not be is a `RegistryError`. */
export interface Decision<T> {
  readonly records: readonly RegistryRecord[];
  readonly answer: T;
}
