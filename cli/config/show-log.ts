import type { Settings } from '../settings.ts';
import { codedError } from './coded-error.ts';
import { findLog } from './log-source.ts';
import { visible } from './visible.ts';

export interface LogFlags {
  readonly api?: string;
  readonly actor?: string;
  readonly type?: string;
  readonly resource?: string;
  readonly since?: string;
  readonly until?: string;
  readonly text?: string;
  readonly payload?: boolean;
  readonly json?: boolean;
}

interface ShownEvent {
  readonly sequence: number;
  readonly type: string;
  readonly time: string;
  readonly actor: {
    readonly kind: string;
    readonly id: string;
    readonly name: string | null;
    readonly ip: string | null;
  };
  readonly reason: string | null;
  readonly resource_id: string;
  readonly resource_version: number;
  readonly payload: object;
}

interface Page {
  readonly data: readonly ShownEvent[];
  readonly next_cursor: string | null;
}

/** `signal config log`: who changed what, oldest first. */
export async function showLog(settings: Settings, flags: LogFlags): Promise<void> {
  const source = await findLog(settings, flags.api);
  if (source.kind === 'directory')
    throw codedError(
      'NO_INSTANCE',
      'nothing runs here; start it, or use `signal config export --format csv`',
    );
  const filters = {
    actor: flags.actor,
    type: flags.type,
    resource_id: flags.resource,
    from: timeOf('--since', flags.since),
    to: timeOf('--until', flags.until),
    text: flags.text,
  };
  const query = new URLSearchParams({ limit: '100' });
  for (const [name, value] of Object.entries(filters)) if (value !== undefined) query.set(name, value);
  for (let cursor: string | null = ''; cursor !== null; ) {
    if (cursor !== '') query.set('cursor', cursor);
    const page: Page = await source.api.get<Page>(`config/events?${query}`);
    for (const event of page.data)
      console.log(flags.json ? JSON.stringify(event) : lineOf(event, flags.payload === true));
    cursor = page.next_cursor;
  }
}

/** A line: nothing that people wrote can begin another. */
export function lineOf(event: ShownEvent, withPayload: boolean): string {
  const { actor, reason } = event;
  const who = actor.name === null ? actor.id : `${actor.name} (${actor.id})`;
  const from = actor.ip === null ? '' : ` from ${actor.ip}`;
  const parts = [
    `#${event.sequence}`,
    event.time,
    event.type,
    `${event.resource_id} v${event.resource_version}`,
    `by ${actor.kind} ${who}${from}`,
    ...(reason === null ? [] : [JSON.stringify(reason)]),
    ...(withPayload ? [JSON.stringify(event.payload)] : []),
  ];
  return parts.map(visible).join('  ');
}

/** The API takes times with an offset; people write dates. */
function timeOf(flag: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw codedError(
      'INVALID_TIME',
      `${flag}: "${text}" is no time, such as 2026-01-31 or 2026-01-31T12:00:00Z`,
    );
  return new Date(time).toISOString();
}
