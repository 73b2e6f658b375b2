import { clearScreenDown, cursorTo } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { HEADERS } from '../../schemas/index.ts';
import type { Log } from '../../streams/index.ts';
import { TOPICS } from '../../topologies/topics.ts';
import { type AdminClient, AdminError } from '../admin-client.ts';
import type { PartitionLag } from '../run/consumer-lag.ts';
import type { EventAnswer } from './shop-server.ts';

const SHOWN = 14;
const REFRESH_MS = 500;
const RATE_WINDOW_MS = 5_000;
const FINAL = new Set(['delivered', 'filtered', 'dead', 'rejected']);

interface SeenEvent {
  readonly messageId: string;
  readonly receivedAt: number;
  answer?: EventAnswer;
}

interface View {
  readonly events: SeenEvent[];
  /** When each of the latest events came, for the rate. */
  arrivals: number[];
  total: number;
}

export interface TerminalViewOptions {
  readonly log: Log;
  readonly api: AdminClient;
  readonly lag: () => Promise<readonly PartitionLag[]>;
  readonly out: NodeJS.WriteStream;
  /** Shown above: where things are. */
  readonly heading: readonly string[];
  readonly signal: AbortSignal;
}

/** Shows events per second, lag, and what becomes of each event, until `signal` aborts. On a terminal it redraws;
 * elsewhere it writes a line when an event's outcome is known. */
export async function showTerminalView(options: TerminalViewOptions): Promise<void> {
  const view: View = { events: [], arrivals: [], total: 0 };
  const offsets = await options.log.offsets(TOPICS.rawEvents);
  const following = offsets.map(({ partition, end }) => followPartition(options, view, partition, end));
  const printed = new Set<SeenEvent>();
  while (!options.signal.aborted) {
    await refresh(options.api, view);
    if (options.out.isTTY) draw(options, view, await options.lag());
    else printOutcomes(options.out, view, printed);
    await sleep(REFRESH_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
  await Promise.all(following);
}

async function followPartition(
  { log, signal }: TerminalViewOptions,
  view: View,
  partition: number,
  from: number,
): Promise<void> {
  for await (const records of log.read({ topic: TOPICS.rawEvents, partition, from, follow: true, signal })) {
    for (const { headers, timestamp } of records) {
      const messageId = headers.find(([name]) => name === HEADERS.messageId)?.[1].toString();
      view.total++;
      view.arrivals.push(timestamp);
      if (messageId !== undefined) view.events.push({ messageId, receivedAt: timestamp });
    }
    view.events.splice(0, view.events.length - SHOWN);
  }
}

async function refresh(api: AdminClient, view: View): Promise<void> {
  const open = view.events.filter(
    ({ answer }) => answer === undefined || answer.deliveries.some(({ status }) => !FINAL.has(status)),
  );
  await Promise.all(
    open.map(async (event) => {
      try {
        event.answer = await api.get<EventAnswer>(`events/${encodeURIComponent(event.messageId)}`);
      } catch (error) {
        // Not there yet, or the API is going down with everything else: the next look tells.
        if (!(error instanceof AdminError) && !(error instanceof TypeError)) throw error;
      }
    }),
  );
}

function draw({ out, heading }: TerminalViewOptions, view: View, lag: readonly PartitionLag[]): void {
  const since = Date.now() - RATE_WINDOW_MS;
  view.arrivals = view.arrivals.filter((at) => at >= since);
  const rate = view.arrivals.length / (RATE_WINDOW_MS / 1000);
  const behind = lag.reduce((sum, { records }) => sum + records, 0);
  const lines = [
    ...heading,
    '',
    `  events/s ${rate.toFixed(1)}   events ${view.total}   lag ${behind}`,
    '',
    ...view.events.map((event) => `  ${describe(event)}`),
    view.events.length === 0 ? '  Nothing yet: open the shop and click.' : '',
  ];
  cursorTo(out, 0, 0);
  clearScreenDown(out);
  out.write(lines.map((line) => clip(line, out.columns)).join('\n'));
}

function printOutcomes(out: NodeJS.WriteStream, view: View, printed: Set<SeenEvent>): void {
  for (const event of view.events) {
    const done = event.answer?.deliveries.every(({ status }) => FINAL.has(status));
    if (done !== true || printed.has(event)) continue;
    printed.add(event);
    out.write(`${describe(event)}\n`);
  }
  for (const event of printed) if (!view.events.includes(event)) printed.delete(event);
}

function describe({ messageId, receivedAt, answer }: SeenEvent): string {
  const time = new Date(receivedAt).toISOString().slice(11, 23);
  const name = answer === undefined ? messageId : (answer.event ?? answer.type);
  const outcomes = answer?.deliveries.map(({ integration_name, status, http_status, reason, detail }) => {
    const why = [http_status, reason, detail].filter((part) => part !== null && part !== '').join(' ');
    return `${integration_name}: ${status}${why === '' ? '' : ` (${why})`}`;
  });
  return `${time}  ${printable(name).padEnd(20)}  ${printable(outcomes?.join('   ') ?? 'accepted')}`;
}

/** Names come from visitors: nothing of them may steer the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

const clip = (line: string, columns: number): string => line.slice(0, Math.max(columns, 20));
