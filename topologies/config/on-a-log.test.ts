import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigProjection, DEFAULT_SOURCE_SETTINGS } from '../../config/index.ts';
import type { ConfigCommand, ConfigEvent } from '../../schemas/index.ts';
import {
  type Log,
  memoryRegistry,
  NO_HEADERS,
  openEmbeddedLog,
  type SchemaRegistry,
  StreamsApp,
  StreamsBuilder,
} from '../../streams/index.ts';
import { type CommandResult, ConfigCommands } from './commands.ts';
import { type ConfigFollower, followConfig } from './follow.ts';
import { type ConfigSerdes, configSerdes, topicsOfConfig } from './topics.ts';
import { configTopology } from './topology.ts';

interface Process {
  readonly projection: ConfigProjection;
  readonly commands: ConfigCommands;
  readonly follower: ConfigFollower;
  stop(): Promise<void>;
}

let directory: string;
let log: Log;
let registry: SchemaRegistry;
let serdes: ConfigSerdes;
let decider: StreamsApp | undefined;
const processes: Process[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-config-'));
  registry = memoryRegistry();
  await open();
});

afterEach(async () => {
  await close();
  await rm(directory, { recursive: true, force: true });
});

async function open(): Promise<void> {
  log = await openEmbeddedLog({ directory, flush: 'os' });
  await log.createTopics(topicsOfConfig);
  serdes = await configSerdes(registry);
}

async function close(): Promise<void> {
  for (const process of processes.splice(0)) await process.stop();
  await stopDeciding();
  await log.close();
}

async function decide(): Promise<void> {
  const builder = new StreamsBuilder();
  configTopology(builder, { catalog: new Map(), serdes });
  decider = new StreamsApp(builder.build(), {
    applicationId: 'signal-config',
    log,
    onError: (error) => {
      throw error;
    },
  });
  await decider.start();
}

async function stopDeciding(): Promise<void> {
  await decider?.close();
  decider = undefined;
}

async function run(timeoutMs = 60_000): Promise<Process> {
  const stopping = new AbortController();
  const projection = new ConfigProjection();
  const follower = followConfig(log, serdes.event, projection, stopping.signal);
  await follower.caughtUp;
  const commands = await ConfigCommands.start({ log, serdes, projection, timeoutMs });
  const process = {
    projection,
    commands,
    follower,
    async stop() {
      commands.close();
      stopping.abort();
      await follower.done;
    },
  };
  processes.push(process);
  return process;
}

const createSource = (commandId: string, name = commandId): ConfigCommand => ({
  commandId,
  resourceId: `src_${commandId}`,
  expectedVersion: null,
  time: 1_700_000_000_000,
  actor: { kind: 'system', id: 'test', name: null, ip: null },
  reason: null,
  payload: {
    'signal.config.CreateSource': {
      name,
      type: 'web',
      pipelineKey: `dk_live_${commandId.padStart(16, '0')}`,
      ...DEFAULT_SOURCE_SETTINGS,
    },
  },
});

async function append(commands: readonly ConfigCommand[]): Promise<void> {
  await log.append(
    commands.map((command) => ({
      topic: 'config-commands',
      key: Buffer.from(command.resourceId),
      value: serdes.command.serialize(command),
      timestamp: command.time,
      headers: NO_HEADERS,
    })),
  );
}

async function storedEvents(): Promise<ConfigEvent[]> {
  const events: ConfigEvent[] = [];
  for await (const records of log.read({ topic: 'config-events', partition: 0, from: 0 }))
    for (const { value } of records) if (value !== null) events.push(serdes.event.deserialize(value));
  return events;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('a command', () => {
  it('is answered when the projection of its process shows it', async () => {
    await decide();
    const { projection, commands } = await run();
    for (const i of numbers(20)) {
      const result = await commands.submit(createSource(`c${i}`));
      expect(result).toEqual({ kind: 'accepted', firstSequence: i, lastSequence: i });
      expect(projection.current.sources.has(`src_c${i}`)).toBe(true);
    }
  });

  it('is not answered before the projection shows it, however early it was decided', async () => {
    await decide();
    const elsewhere = await run();
    const behind = new ConfigProjection();
    const commands = await ConfigCommands.start({ log, serdes, projection: behind, timeoutMs: 60_000 });
    let answered = false;
    const answer = commands.submit(createSource('c1')).then(() => {
      answered = true;
    });
    await elsewhere.projection.whenApplied(1);
    await elsewhere.commands.submit(createSource('c2'));
    expect(answered).toBe(false);
    const [event] = await storedEvents();
    behind.apply(event!);
    await answer;
    commands.close();
  });

  it('that is refused is answered with the reason', async () => {
    await decide();
    const { commands } = await run();
    await commands.submit(createSource('c1', 'Shop'));
    expect(await commands.submit(createSource('c2', 'Shop'))).toMatchObject({
      kind: 'rejected',
      rejection: { code: 'NAME_TAKEN', field: 'name' },
    });
  });

  it('of several changes is decided as one: its events follow one another, or there are none', async () => {
    await decide();
    const process = await run();
    const several = (commandId: string, names: readonly string[]): ConfigCommand => ({
      ...createSource(commandId),
      resourceId: 'config',
      payload: {
        'signal.config.ApplyChanges': {
          configVersion: null,
          changes: names.map((name, index) => ({
            ...createSource(`${commandId}${index}`, name),
            path: name,
          })),
        },
      },
    });
    const others = numbers(20).map((each) => process.commands.submit(createSource(`other-${each}`)));
    const accepted = process.commands.submit(several('set', ['a', 'b', 'c']));
    const refused = process.commands.submit(several('bad', ['d', 'e', 'D']));
    expect(await refused).toMatchObject({ rejection: { code: 'NAME_TAKEN', field: 'D.name' } });
    const { firstSequence, lastSequence } = (await accepted) as Extract<CommandResult, { kind: 'accepted' }>;
    await Promise.all(others);
    expect(lastSequence - firstSequence).toBe(2);
    const events = await storedEvents();
    expect(events.map(({ sequence }) => sequence)).toEqual(numbers(23));
    expect(events.slice(firstSequence - 1, lastSequence).map((event) => event.resourceId)).toEqual([
      'src_set0',
      'src_set1',
      'src_set2',
    ]);
    expect(events.filter((event) => event.commandId === 'bad')).toEqual([]);
  });

  it('gets its first answer when it comes again, even after a restart', async () => {
    await decide();
    const before = await run();
    const accepted = await before.commands.submit(createSource('c1', 'Shop'));
    const refused = await before.commands.submit(createSource('c2', 'Shop'));
    await close();
    await open();
    await decide();
    const after = await run();
    expect(await after.commands.submit(createSource('c1', 'Shop'))).toEqual(accepted);
    expect(await after.commands.submit(createSource('c2', 'Another name by now'))).toEqual(refused);
    expect(await storedEvents()).toHaveLength(1);
  });

  it('has a known fate after a timeout: asking again tells', async () => {
    const { commands } = await run(50);
    const command = createSource('c1');
    await expect(commands.submit(command)).rejects.toMatchObject({ code: 'CONFIG_TIMEOUT' });
    await decide();
    const { commands: patient } = await run();
    expect(await patient.submit(command)).toMatchObject({ kind: 'accepted', firstSequence: 1 });
    expect(await storedEvents()).toHaveLength(1);
  });

  it('that waits while its process stops is told so', async () => {
    const { commands } = await run();
    const waiting = commands.submit(createSource('c1'));
    commands.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CONFIG_CLOSED' });
    await expect(commands.submit(createSource('c2'))).rejects.toMatchObject({ code: 'CONFIG_CLOSED' });
  });
});

describe('deciding', () => {
  it('goes on after a restart where it stood', async () => {
    await decide();
    await append(numbers(1500).map((i) => createSource(`c${i}`)));
    await (await run()).projection.whenApplied(1500);
    await close();
    await open();
    await decide();
    const { commands } = await run();
    expect(await commands.submit(createSource('again', 'c1'))).toMatchObject({
      rejection: { code: 'NAME_TAKEN' },
    });
    expect(await commands.submit(createSource('c1501'))).toMatchObject({ firstSequence: 1501 });
    expect((await storedEvents()).map((event) => event.sequence)).toEqual(numbers(1501));
  });

  it('decides once what waited while nobody decided', async () => {
    await append(numbers(100).map((i) => createSource(`c${(i % 50) + 1}`)));
    await decide();
    const { projection } = await run();
    await projection.whenApplied(50);
    expect((await storedEvents()).map((event) => event.sequence)).toEqual(numbers(50));
  });

  it('gives two processes that disagree one order, and both the same state', async () => {
    await decide();
    const [one, other] = [await run(), await run()];
    const results = await Promise.all(
      numbers(200).flatMap((i): Promise<CommandResult>[] => [
        one.commands.submit(createSource(`a${i}`, `name ${i}`)),
        other.commands.submit(createSource(`b${i}`, `name ${i}`)),
      ]),
    );
    expect(results.filter((result) => result.kind === 'accepted')).toHaveLength(200);
    await Promise.all([one, other].map(({ projection }) => projection.whenApplied(200)));
    expect([...one.projection.current.sources]).toEqual([...other.projection.current.sources]);
    const names = [...one.projection.current.sources.values()].map((source) => source.name);
    expect(new Set(names).size).toBe(200);
  });
});

describe('following', () => {
  it('catches up with what was there, then goes on', async () => {
    await decide();
    const first = await run();
    await first.commands.submit(createSource('c1'));
    const second = await run();
    expect(second.projection.version).toBe(1);
    await first.commands.submit(createSource('c2'));
    expect((await second.projection.whenApplied(2)).sources.has('src_c2')).toBe(true);
  });

  it('stops with an error on an event that does not follow', async () => {
    await decide();
    const { commands, projection, follower } = await run();
    await commands.submit(createSource('c1'));
    const [event] = await storedEvents();
    const value = serdes.event.serialize(event!);
    await log.append([{ topic: 'config-events', key: null, value, timestamp: 0, headers: NO_HEADERS }]);
    await expect(follower.done).rejects.toMatchObject({ code: 'CONFIG_SEQUENCE_GAP' });
    expect(projection.version).toBe(1);
    processes.length = 0;
    commands.close();
  });
});
