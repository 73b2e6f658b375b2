import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConfigProjection, DEFAULT_SOURCE_SETTINGS } from '../../config/index.ts';
import type { ConfigCommand } from '../../schemas/index.ts';
import { type Log, memoryRegistry, openKafkaLog, StreamsApp, StreamsBuilder } from '../../streams/index.ts';
import {
  ConfigCommands,
  configSerdes,
  configTopology,
  followConfig,
  topicsOfConfig,
} from '../../topologies/config/index.ts';
import { describeWithKafka } from '../support/kafka.ts';

describeWithKafka('many changes as one, on Kafka', (kafka) => {
  const closers: (() => Promise<void> | void)[] = [];
  const projection = new ConfigProjection();
  let commands: ConfigCommands;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'signal-apply-kafka-'));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const log: Log = await openKafkaLog({
      brokers: kafka().brokers,
      clientId: 'apply',
      stateDirectory: directory,
    });
    closers.push(() => log.close());
    await log.createTopics(topicsOfConfig);
    const serdes = await configSerdes(memoryRegistry());
    const builder = new StreamsBuilder();
    configTopology(builder, { catalog: new Map(), serdes });
    const errors: Error[] = [];
    const decider = new StreamsApp(builder.build(), {
      applicationId: 'signal-config',
      log,
      onError: (error) => void errors.push(error),
    });
    await decider.start();
    closers.push(() => decider.close());
    const stopping = new AbortController();
    const follower = followConfig(log, serdes.event, projection, stopping.signal);
    await follower.caughtUp;
    closers.push(async () => {
      stopping.abort();
      await follower.done;
      expect(errors).toEqual([]);
    });
    commands = await ConfigCommands.start({ log, serdes, projection, timeoutMs: 60_000 });
    closers.push(() => commands.close());
  });

  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  /** Creates sources, each with settings of some size. */
  const set = (commandId: string, count: number, origins: number): ConfigCommand => ({
    commandId,
    resourceId: 'config',
    expectedVersion: null,
    time: 1_700_000_000_000,
    actor: { kind: 'system', id: 'test', name: null, ip: null },
    reason: 'x'.repeat(500),
    payload: {
      'signal.config.ApplyChanges': {
        configVersion: null,
        changes: Array.from({ length: count }, (_, index) => ({
          path: `sources[${index}]`,
          resourceId: `src_${commandId}${index}`,
          payload: {
            'signal.config.CreateSource': {
              name: `${commandId} ${index}`,
              type: 'web',
              pipelineKey: `dk_live_${commandId}${String(index).padStart(8, '0')}`,
              ...DEFAULT_SOURCE_SETTINGS,
              allowedOrigins: Array.from({ length: origins }, (_, n) => `https://shop-${n}.example`),
            },
          },
        })),
      },
    },
  });

  it('as large as they may be fit into one batch of the log', async () => {
    // As near to the bound as whole changes come.
    let accepted = 0;
    for (const origins of [0, 3]) {
      const count = origins === 0 ? 620 : 560;
      const result = await commands.submit(set(`s${origins}`, count, origins));
      expect(result).toMatchObject({ kind: 'accepted', lastSequence: accepted + count });
      accepted += count;
    }
    expect(await commands.submit(set('big', 1000, 0))).toMatchObject({
      kind: 'rejected',
      rejection: { code: 'TOO_MANY_CHANGES' },
    });
    expect(projection.version).toBe(accepted);
    expect(await commands.submit(set('after', 1, 0))).toMatchObject({ kind: 'accepted' });
  });
});
