import { writeFile } from 'node:fs/promises';
import { type ConfigState, toYaml } from '../apply/to-yaml.ts';
import type { Settings } from '../settings.ts';
import { runningApi } from './log-source.ts';
import { pointOf } from './points.ts';

export interface ExportStateFlags {
  readonly api?: string;
  readonly out?: string;
  readonly at?: string;
}

/** `signal config export`: the configuration itself, to standard output or a file. */
export async function exportState(settings: Settings, { api, out, at }: ExportStateFlags): Promise<void> {
  const source = await runningApi(settings, api);
  const query = at === undefined ? '' : `?${new URLSearchParams({ at: pointOf('--at', at) })}`;
  const text = toYaml(await source.get<ConfigState>(`config/state${query}`));
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text, { mode: 0o600 });
}
