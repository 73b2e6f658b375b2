import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessLogName, newCheckpointKey, parseCheckpointKey, verifyExport } from '../api/index.ts';
import { EMPTY_STATE, fold } from '../config/index.ts';
import type { CommandOutcome, ConfigCommand, ConfigEvent } from '../schemas/index.ts';
import { confluentRegistry, type Log, openKafkaLog, type Serde, startRegistry } from '../streams/index.ts';
import { CONFIG_TOPICS, configSerdes, decode } from '../topologies/config/index.ts';
import { describeWithKafka } from './support/kafka.ts';
import { ADMIN_TOKEN, type SignalProcess, startSignal } from './support/signal-process.ts';

const COMMANDS = 5_000;
/** Requests under way at once, half of them at each process. */
const CLIENTS = 128;
/** Fewer than there are creations, so that most of these ask for a name that is taken. */
const NAMES = 60;

/** What was asked, marked by its reason, and what was answered. */
interface Asked {
  readonly reason: string;
  readonly ifMatch: number | undefined;
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly version?: number;
    readonly error?: { readonly code: string };
  };
}

describeWithKafka('two API processes on one log', (kafka) => {
  const directory = mkdtempSync(join(tmpdir(), 'signal-two-apis-'));
  const checkpointKey = newCheckpointKey('audit.example/two');
  const processes: SignalProcess[] = [];
  const asked: Asked[] = [];
  let log: Log;
  let commands: readonly ConfigCommand[];
  let outcomes: readonly CommandOutcome[];
  let events: readonly ConfigEvent[];

  const call = (at: SignalProcess, method: string, path: string, more: RequestInit = {}): Promise<Response> =>
    fetch(`${at.api}/v1/admin/${path}`, {
      method,
      ...more,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(more.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more.headers,
      },
    });

  beforeAll(async () => {
    const env = {
      KAFKA_BROKERS: kafka().brokers.join(','),
      ENCRYPTION_KEY: '07'.repeat(32),
      SIGNAL_CHECKPOINT_KEY: checkpointKey,
    };
    const started = ['one', 'other'].map((name) =>
      startSignal(join(directory, name), { env, args: ['--roles', 'api'] }),
    );
    for (const each of started) processes.push(await each);
    const [one] = processes;
    if (one === undefined) throw new Error('nothing runs');
    await call(one, 'PATCH', 'settings', { body: JSON.stringify({ requests_per_minute: 1_000_000 }) });
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => work(client)));

    log = await openKafkaLog({
      brokers: kafka().brokers,
      clientId: 'reader',
      stateDirectory: join(directory, 'reader'),
    });
    const registry = await startRegistry({ log, port: 0, onError: () => {} });
    const serdes = await configSerdes(confluentRegistry({ url: registry.url }));
    commands = await all(CONFIG_TOPICS.commands, serdes.command);
    outcomes = await all(CONFIG_TOPICS.outcomes, serdes.outcome);
    events = await all(CONFIG_TOPICS.events, serdes.event);
    await registry.close();
  }, 600_000);

  afterAll(async () => {
    await log?.close();
    await Promise.all(processes.map((each) => each.kill()));
    rmSync(directory, { recursive: true, force: true });
  });

  async function all<T>(topic: string, serde: Serde<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const records of log.read({ topic, partition: 0, from: 0 }))
      for (const { value } of records) if (value !== null) found.push(await decode(serde, value));
    return found;
  }

  /** Versions as somebody heard of them last; by the time they are used, others have often gone on. */
  const heard = new Map<string, number>();
  let next = 0;

  async function work(client: number): Promise<void> {
    const random = seeded(client);
    while (next < COMMANDS) {
      const reason = `command ${next++}`;
      const at = processes[client % processes.length];
      if (at === undefined) return;
      const known = [...heard];
      const [id, version] = known[Math.floor(random() * Math.min(known.length, 12))] ?? [];
      const dice = random();
      const isConditional = dice < 0.45;
      const ifMatch = isConditional && id !== undefined ? version : undefined;
      const headers = {
        'x-change-reason': reason,
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      };
      const name = `Source ${Math.floor(random() * NAMES)}`;
      const response =
        id === undefined || dice > 0.75
          ? await call(at, 'POST', 'sources', { headers, body: JSON.stringify({ name, type: 'web' }) })
          : dice > 0.735
            ? await call(at, 'DELETE', `sources/${id}`, { headers })
            : // No two ask for the same, so that there is always something to change.
              await call(at, 'PATCH', `sources/${id}`, {
                headers,
                body: JSON.stringify({ rate_limit_rps: next }),
              });
      const text = await response.text();
      const body = text === '' ? {} : JSON.parse(text);
      asked.push({ reason, ifMatch: id === undefined ? undefined : ifMatch, status: response.status, body });
      if (response.status === 204 || response.status === 404) heard.delete(id ?? '');
      else if (response.ok) heard.set(body.id, body.version);
      else if (body.error.code === 'VERSION_CONFLICT')
        heard.set(id ?? '', body.error.details[0].current_version);
    }
  }

  const isAccepted = ({ status }: Asked): boolean => status < 300;

  it('decides every command once, in one order, and answers what was decided', () => {
    expect(asked).toHaveLength(COMMANDS);
    const commandsBy = groupedBy(commands, ({ reason }) => reason ?? '');
    const outcomesBy = groupedBy(outcomes, ({ commandId }) => commandId);
    const eventsBy = groupedBy(events, ({ reason }) => reason ?? '');
    for (const each of asked) {
      const { reason, body } = each;
      const [command, ...others] = commandsBy.get(reason) ?? [];
      const [outcome, ...moreOutcomes] = outcomesBy.get(command?.commandId ?? '') ?? [];
      const caused = eventsBy.get(reason) ?? [];
      expect([others, moreOutcomes], reason).toEqual([[], []]);
      expect(outcome?.accepted, reason).toBe(isAccepted(each));
      expect(caused, reason).toHaveLength(isAccepted(each) ? 1 : 0);
      expect(outcome?.rejection?.code, reason).toBe(body.error?.code);
      if (body.version !== undefined)
        expect([caused[0]?.resourceId, caused[0]?.resourceVersion], reason).toEqual([body.id, body.version]);
    }
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));

    const codes = Object.fromEntries(
      [...groupedBy(asked, ({ body }) => body.error?.code ?? 'accepted')].map(([code, of]) => [
        code,
        of.length,
      ]),
    );
    console.log(`${COMMANDS} conflicting commands:`, codes);
    // Otherwise nothing was put to the test.
    for (const code of ['accepted', 'NAME_TAKEN', 'VERSION_CONFLICT'])
      expect(codes[code], code).toBeGreaterThan(COMMANDS / 20);
  });

  it('loses no update: each that was accepted follows the one it was made upon', () => {
    for (const [id, own] of groupedBy(events, ({ resourceId }) => resourceId))
      expect(
        own.map(({ resourceVersion }) => resourceVersion),
        id,
      ).toEqual(own.map((_, i) => i + 1));
    const byReason = new Map(events.map((event) => [event.reason, event]));
    for (const each of asked.filter((one) => isAccepted(one) && one.ifMatch !== undefined))
      expect(byReason.get(each.reason)?.resourceVersion, each.reason).toBe((each.ifMatch ?? 0) + 1);
  });

  it('records each that was refused', async () => {
    const refused = asked.filter((each) => !isAccepted(each));
    const found: { code: string }[] = [];
    const [one] = processes;
    for (let cursor: string | null = ''; cursor !== null && one !== undefined; ) {
      const query = `access-log?action=command.rejected&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: { code: string }[]; next_cursor: string | null } = await one.admin.get(query);
      found.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(found.map(({ code }) => code).toSorted()).toEqual(
      refused.map(({ body }) => body.error?.code).toSorted(),
    );
  });

  it('is the same configuration at both, at every version asked for, and what its events give', async () => {
    const end = events.length;
    for (const at of [end, end - 1, Math.floor(end / 2), 100]) {
      const [one, other] = await Promise.all(processes.map((each) => stateOf(each, at)));
      expect(one?.hash, `at ${at}`).toBe(other?.hash);
      const folded = fold(EMPTY_STATE, events.slice(0, at));
      expect(one?.sources, `at ${at}`).toEqual(
        [...folded.sources.values()]
          .sort((a, b) => a.createdIn - b.createdIn)
          .map(({ id, version, rateLimitRps }) => ({ id, version, rateLimitRps })),
      );
    }
  });

  it.each(['config', 'access-log'])(
    'is one tree to both, which verifies at each and from the export of each: %s',
    async (path) => {
      const roots = new Set<string>();
      const signer = parseCheckpointKey(checkpointKey);
      const { key } = path === 'config' ? signer : signer.derive(accessLogName(signer.key.name));
      const size = path === 'config' ? events.length : asked.filter((each) => !isAccepted(each)).length;
      for (const each of processes) {
        const { body } = await call(each, 'GET', `${path}/export`);
        if (body === null) throw new Error('nothing was exported');
        const exported = await verifyExport({ chunks: body, keys: [key] });
        expect(exported).toMatchObject({ valid: true, size, signedSize: size });
        const verified = await each.admin.get<{ root: string }>(`${path}/verify`);
        expect(verified).toMatchObject({ valid: true, size, signed_size: size, problem: null });
        roots.add(verified.root).add(exported.root.toString('base64'));
      }
      expect(roots.size).toBe(1);
    },
  );

  /** All that one process shows of the configuration as of a version. */
  async function stateOf(at: SignalProcess, version: number) {
    const lists: unknown[] = [];
    let sources: { id: string; version: number; rateLimitRps: number | null }[] = [];
    for (const list of ['sources', 'integrations', 'pipelines', 'users', 'tokens'])
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: {
          data: { id: string; version: number; rate_limit_rps: number | null }[];
          next_cursor: string | null;
        } = await at.admin.get(`${list}?limit=100&at=${version}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        lists.push(page.data);
        if (list === 'sources')
          sources = [
            ...sources,
            ...page.data.map(({ id, version: own, rate_limit_rps: rateLimitRps }) => ({
              id,
              version: own,
              rateLimitRps,
            })),
          ];
        cursor = page.next_cursor;
      }
    for (const one of ['settings', 'consent']) lists.push(await at.admin.get(`${one}?at=${version}`));
    return { hash: createHash('sha256').update(JSON.stringify(lists)).digest('hex'), sources };
  }
});

function groupedBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** Mulberry32: the same numbers, from 0 to 1, for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
