import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES, PLATFORMS, type ScriptPieces } from './compose.ts';

/** What `npm run build` wrote: `dist/collector/pieces`. Throws where it is not all there. */
export function readPieces(directory: string): ScriptPieces {
  const piece = (name: string) => readFileSync(join(directory, `${name}.js`), 'utf8');
  return {
    core: piece('core'),
    loader: piece('loader'),
    modules: record(MODULES, (module) => piece(`module-${module}`)),
    platforms: record(PLATFORMS, (platform) => piece(`consent-${platform}`)),
  };
}

function record<K extends string>(names: readonly K[], read: (name: K) => string): Record<K, string> {
  const entries: Partial<Record<K, string>> = {};
  for (const name of names) entries[name] = read(name);
  if (!isWhole(entries, names)) throw new Error('a piece of the collector is missing');
  return entries;
}

function isWhole<K extends string>(
  entries: Partial<Record<K, string>>,
  names: readonly K[],
): entries is Record<K, string> {
  return names.every((name) => entries[name] !== undefined);
}
