import { type EventFilter, type EventView, eventsPage } from '../../api/index.ts';
import type { Settings } from '../settings.ts';
import { findLog } from './log-source.ts';
import { eachEntry } from './pages.ts';
import { timeOf } from './points.ts';
import { withStoredLogs } from './stored-log.ts';
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

type ShownEvent = Omit<EventView, 'resource_type' | 'command_id' | 'changes'>;

/** `signal config log`: who changed what, oldest first. */
export async function showLog(settings: Settings, flags: LogFlags): Promise<void> {
  const source = await findLog(settings, flags.api);
  const given = {
    actor: flags.actor,
    type: flags.type,
    resource_id: flags.resource,
    from: flags.since === undefined ? undefined : timeOf('--since', flags.since),
    to: flags.until === undefined ? undefined : timeOf('--until', flags.until),
    text: flags.text,
  };
  const filter: EventFilter & Record<string, string> = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const show = (event: ShownEvent): void =>
    console.log(flags.json ? JSON.stringify(event) : lineOf(event, flags.payload === true));
  if (source.kind === 'api')
    return eachEntry(filter, (query) => source.api.get(`config/events?${new URLSearchParams(query)}`), show);
  await withStoredLogs(settings, async ({ projection }) => {
    const config = await projection();
    await eachEntry(filter, async (query) => eventsPage(config, query), show);
  });
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
