import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type Log, memoryRegistry, NO_HEADERS, openEmbeddedLog } from '../../streams/index.ts';
import { Checkpointer, CONFIG_LOG, configSerdes, topicsOfConfig } from '../../topologies/config/index.ts';
import { configAudit, type LogAudit } from './log-audit.ts';
import { SIGNER, sampleEvent } from './testing/sample-export.ts';

let directory: string;
let log: Log;
/** Lets whoever follows the log see it. */
let open: () => void;
let checkpointer: Checkpointer;
let audit: LogAudit<ConfigEvent>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-config-audit-'));
  log = await openEmbeddedLog({ directory, flush: 'os' });
  await log.createTopics(topicsOfConfig);
  const registry = memoryRegistry();
  const { event: serde } = await configSerdes(registry);
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  checkpointer = await Checkpointer.start({
    of: CONFIG_LOG,
    log: {
      append: (records) => log.append(records),
      async *read(options) {
        if (options.follow) await gate;
        yield* log.read(options);
      },
    },
    registry,
    signer: SIGNER,
    clock: { now: () => 0 },
    onError: () => {},
  });
  audit = configAudit({ log, checkpointer, projection: { version: 2 }, serde });
  const record = { topic: 'config-events', key: null, timestamp: 0, headers: NO_HEADERS };
  await log.append([1, 2].map((sequence) => ({ ...record, value: serde.serialize(sampleEvent(sequence)) })));
});

afterEach(async () => {
  open();
  await checkpointer.close();
  await log.close();
  await rm(directory, { recursive: true });
});

it('waits until what is applied here is in the tree, before it proves or exports', async () => {
  const asked = [audit.tree().then((tree) => tree.size), audit.export().then(({ size }) => size)];
  open();
  expect(await Promise.all(asked)).toEqual([2, 2]);
});

it('does not wait for ever when nobody reads the log any more', async () => {
  const asked = expect(audit.tree()).rejects.toMatchObject({ code: 'CLOSED' });
  const closing = checkpointer.close();
  open();
  await closing;
  await asked;
  const serde = (await configSerdes(memoryRegistry())).event;
  const later = configAudit({ log, checkpointer, projection: { version: 9 }, serde });
  await expect(later.tree()).rejects.toMatchObject({ code: 'CLOSED' });
});
