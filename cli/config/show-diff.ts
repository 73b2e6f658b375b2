import type { Settings } from '../settings.ts';
import { runningApi } from './log-source.ts';
import { pointOf } from './points.ts';
import { visible } from './visible.ts';

export interface DiffFlags {
  readonly api?: string;
  readonly json?: boolean;
}

/** One of `GET /v1/admin/config/diff`. */
export interface Difference {
  readonly resource_type: string;
  readonly resource_id: string;
  readonly change: 'created' | 'updated' | 'deleted';
  readonly events: readonly number[];
  readonly changes: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

interface Page {
  readonly data: readonly Difference[];
  readonly next_cursor: string | null;
}

/** `signal config diff`: what differs between two points. A point is the sequence of a change, or a time. */
export async function showDiff(
  settings: Settings,
  from: string,
  to: string | undefined,
  { api, json }: DiffFlags,
): Promise<void> {
  const source = await runningApi(settings, api);
  const points = {
    from: pointOf('from', from),
    ...(to === undefined ? {} : { to: pointOf('to', to) }),
    limit: '100',
  };
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams(cursor === '' ? points : { ...points, cursor });
    const page: Page = await source.get(`config/diff?${query}`);
    for (const difference of page.data) {
      console.log(json ? JSON.stringify(difference) : linesOf(difference).join('\n'));
    }
    cursor = page.next_cursor;
  }
}

export function linesOf({ resource_type, resource_id, change, events, changes }: Difference): string[] {
  const text = (value: unknown): string => JSON.stringify(value);
  const fields = changes.map(({ path, before, after }) => {
    if (change === 'created') return `  + ${path}: ${text(after)}`;
    if (change === 'deleted') return `  - ${path}: ${text(before)}`;
    return `  ${path}: ${text(before)} → ${text(after)}`;
  });
  const sequences = events.map((sequence) => `#${sequence}`).join(' ');
  return [`${change} ${resource_type} ${resource_id}  ${sequences}`, ...fields].map(visible);
}
