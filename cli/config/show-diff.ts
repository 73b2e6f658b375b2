import type { ConfigDifference } from '../../api/index.ts';
import type { Settings } from '../settings.ts';
import { runningApi } from './log-source.ts';
import { eachEntry, type Page } from './pages.ts';
import { pointOf } from './points.ts';
import { visible } from './visible.ts';

export interface DiffFlags {
  readonly api?: string;
  readonly json?: boolean;
}

/** `signal config diff`: what differs between two points. A point is the sequence of a change, or a time. */
export async function showDiff(
  settings: Settings,
  from: string,
  to: string | undefined,
  { api, json }: DiffFlags,
): Promise<void> {
  const source = await runningApi(settings, api);
  const points = { from: pointOf('from', from), ...(to === undefined ? {} : { to: pointOf('to', to) }) };
  await eachEntry(
    points,
    (query) => source.get<Page<ConfigDifference>>(`config/diff?${new URLSearchParams(query)}`),
    (difference) => console.log(json ? JSON.stringify(difference) : linesOf(difference).join('\n')),
  );
}

export function linesOf({ resource_type, resource_id, change, events, changes }: ConfigDifference): string[] {
  const text = (value: unknown): string => JSON.stringify(value);
  const fields = changes.map(({ path, before, after }) => {
    if (change === 'created') return `  + ${path}: ${text(after)}`;
    if (change === 'deleted') return `  - ${path}: ${text(before)}`;
    return `  ${path}: ${text(before)} → ${text(after)}`;
  });
  const sequences = events.map((sequence) => `#${sequence}`).join(' ');
  return [`${change} ${resource_type} ${resource_id}  ${sequences}`, ...fields].map(visible);
}
