/** The declarative configuration: from a file to the changes that lead there, and back. */
export { applyFile, type Outcome, planOnly } from './apply.ts';
export { fileOf } from './entries.ts';
export { ConfigFile } from './file.ts';
