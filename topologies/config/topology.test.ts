import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SOURCE_SETTINGS } from '../../config/index.ts';
import type { ConfigCommand } from '../../schemas/index.ts';
import { memoryRegistry, StreamsBuilder, serdes, TopologyTestDriver } from '../../streams/index.ts';
import { configSerdes } from './topics.ts';
import { configTopology } from './topology.ts';

async function drive() {
  const config = await configSerdes(memoryRegistry());
  const builder = new StreamsBuilder();
  configTopology(builder, { catalog: new Map(), serdes: config });
  const driver = new TopologyTestDriver(builder.build());
  const commands = driver.input('config-commands', serdes.string(), config.command);
  return {
    send: (command: ConfigCommand) => commands.send(command.resourceId, command, { timestamp: command.time }),
    events: driver.output('config-events', serdes.string(), config.event),
    outcomes: driver.output('config-outcomes', serdes.string(), config.outcome),
  };
}

let config: Awaited<ReturnType<typeof drive>>;

beforeEach(async () => {
  config = await drive();
});

const TIME = 1_700_000_000_000;

const createSource = (commandId: string, id: string, name: string): ConfigCommand => ({
  commandId,
  resourceId: id,
  expectedVersion: null,
  time: TIME,
  actor: { kind: 'token', id: 'tok_1', name: 'ci', ip: '127.0.0.1' },
  reason: 'because',
  payload: {
    'signal.config.CreateSource': {
      name,
      type: 'web',
      pipelineKey: `dk_live_${id.padStart(16, '0')}`,
      ...DEFAULT_SOURCE_SETTINGS,
    },
  },
});

describe('the config topology', () => {
  it('writes the events of an accepted command, and its outcome', () => {
    config.send(createSource('c1', 'src_a', 'A'));
    config.send(createSource('c2', 'src_b', 'B'));
    expect(config.events.readAll()).toMatchObject([
      {
        key: 'src_a',
        timestamp: TIME,
        value: { sequence: 1, commandId: 'c1', reason: 'because', time: TIME },
      },
      { key: 'src_b', timestamp: TIME, value: { sequence: 2, commandId: 'c2', actor: { id: 'tok_1' } } },
    ]);
    expect(config.outcomes.readAll()).toMatchObject([
      {
        key: 'c1',
        value: { commandId: 'c1', accepted: true, firstSequence: 1, lastSequence: 1, rejection: null },
      },
      { key: 'c2', value: { commandId: 'c2', accepted: true, firstSequence: 2, lastSequence: 2 } },
    ]);
  });

  it('writes nothing but the outcome of a refused command', () => {
    config.send(createSource('c1', 'src_a', 'A'));
    config.events.readAll();
    config.outcomes.readAll();
    config.send(createSource('c2', 'src_b', 'A'));
    expect(config.events.readAll()).toEqual([]);
    expect(config.outcomes.readAll()).toMatchObject([
      { value: { commandId: 'c2', accepted: false, lastSequence: null, rejection: { code: 'NAME_TAKEN' } } },
    ]);
  });

  it('gives a command that comes again its first answer, whatever it says now, and no events', () => {
    config.send(createSource('c1', 'src_a', 'A'));
    config.send(createSource('c2', 'src_b', 'A'));
    const first = config.outcomes.readAll().map((record) => record.value);
    config.events.readAll();
    config.send(createSource('c1', 'src_c', 'C'));
    config.send(createSource('c2', 'src_d', 'D'));
    expect(config.outcomes.readAll().map((record) => record.value)).toEqual(first);
    expect(config.events.readAll()).toEqual([]);
  });

  it('tells a request that comes again from another one of its key, also where the first said nothing', () => {
    const asked = `idem_${'ab'.repeat(32)}`;
    const outcomes = () => config.outcomes.readAll().map(({ value }) => value);
    config.send(createSource(`${asked}.${'1'.repeat(16)}`, 'src_a', 'A'));
    config.send(createSource(`${asked}.${'1'.repeat(16)}`, 'src_b', 'A'));
    config.send(createSource(`${asked}.${'2'.repeat(16)}`, 'src_b', 'B'));
    expect(config.events.readAll()).toHaveLength(1);
    const [first, again, other] = outcomes();
    expect(again).toEqual(first);
    expect(other).toMatchObject({
      commandId: `${asked}.${'2'.repeat(16)}`,
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_KEY_REUSED', field: 'commandId' },
    });

    // As ids were before.
    const old = `idem_${'cd'.repeat(32)}`;
    config.send(createSource(old, 'src_c', 'C'));
    config.send(createSource(`${old}.${'3'.repeat(16)}`, 'src_c', 'C'));
    const [before, now] = outcomes();
    expect(now).toEqual({ ...before, commandId: `${old}.${'3'.repeat(16)}` });
  });
});
