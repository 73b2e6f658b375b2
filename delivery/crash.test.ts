import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  deliveryRequest,
  deliverySerdes,
  INTEGRATION,
  openDeliveryLog,
  readAll,
  TOPICS,
} from './testing/storage.ts';
import { startVendor, type VendorServer } from './testing/vendor-server.ts';

/** A worker's process is killed again and again while the vendor fails at random. */

const EVENTS = 4_000;
const KILLS = 5;

// Below node_modules, so that the child finds its packages.
const BUNDLES = fileURLToPath(new URL('../node_modules/.cache/signal-tests', import.meta.url));

let directory: string;
let bundle: string;
let vendor: VendorServer;
let accepted: Set<string>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-delivery-'));
  await mkdir(BUNDLES, { recursive: true });
  bundle = join(await mkdtemp(join(BUNDLES, 'crash-')), 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./testing/crash-child.ts', import.meta.url))],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  accepted = new Set();
  vendor = await startVendor(async ({ body }) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
    if (Math.random() < 0.2) return { status: 500 };
    for (const id of idsIn(body)) accepted.add(id);
    return { status: 200 };
  });
});

afterEach(async () => {
  await end('SIGKILL');
  await vendor.close();
  await rm(directory, { recursive: true, force: true });
  await rm(join(bundle, '..'), { recursive: true, force: true });
});

async function run(): Promise<void> {
  const started = spawn(process.execPath, [bundle, directory, vendor.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  await once(started.stdout, 'data');
}

async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Results as they are on disk; only while no child runs. */
async function readResults() {
  const log = await openDeliveryLog(directory, 2);
  try {
    return await readAll(log, TOPICS.results, (await deliverySerdes()).result);
  } finally {
    await log.close();
  }
}

const idsIn = (body: string): string[] =>
  JSON.parse(body).batch.map((item: { readonly messageId: string }) => item.messageId);

test('a killed worker loses nothing, decides nothing twice, and repeats a batch only as it was', async () => {
  const serdes = await deliverySerdes();
  const log = await openDeliveryLog(directory, 2);
  const records = Array.from({ length: EVENTS }, (_, index) => ({
    topic: TOPICS.requests(INTEGRATION),
    partition: index % 2,
    key: null,
    value: serdes.request.serialize(deliveryRequest(`evt_${index}`)),
    timestamp: 0,
    headers: [],
  }));
  await log.append(records);
  await log.close();

  let decidedBefore = 0;
  for (let round = 0; round < KILLS; round++) {
    const before = vendor.received.length;
    await run();
    const enough = before + 5 + Math.floor(Math.random() * 30);
    await vi.waitUntil(() => vendor.received.length >= enough, { timeout: 180_000, interval: 1 });
    await end('SIGKILL');

    const decided = new Set(
      (await readResults()).filter(({ status }) => status === 'delivered').map(({ messageId }) => messageId),
    );
    decidedBefore = decided.size;
    const mark = vendor.received.length;
    await run();
    await vi.waitUntil(() => vendor.received.length >= mark + 5, { timeout: 180_000, interval: 1 });
    await end('SIGKILL');
    const sentAgain = vendor.received.slice(mark).flatMap(({ body }) => idsIn(body));
    expect(sentAgain.filter((id) => decided.has(id))).toEqual([]);
  }

  expect(decidedBefore, 'something was decided before a kill').toBeGreaterThan(0);
  await run();
  await vi.waitUntil(() => accepted.size === EVENTS, { timeout: 180_000, interval: 10 });
  await end('SIGTERM');

  const results = await readResults();
  const ended = results.filter(({ status }) => status !== 'retrying').map(({ messageId }) => messageId);
  expect(ended).toHaveLength(EVENTS);
  expect(new Set(ended).size).toBe(EVENTS);

  const bodies = new Map<string, Set<string>>();
  for (const { body } of vendor.received) {
    const { batchId } = JSON.parse(body);
    bodies.set(batchId, (bodies.get(batchId) ?? new Set()).add(body));
  }
  expect([...bodies.values()].filter((different) => different.size > 1)).toEqual([]);
}, 600_000);
