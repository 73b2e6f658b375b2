import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CommandPayload, ConfigProjection, decide } from '../config/index.ts';
import { configuredSources } from './configured-sources.ts';
import {
  type GatewaySnapshot,
  readSnapshot,
  type SnapshotSeal,
  snapshotSources,
  takeSnapshot,
  writeSnapshot,
} from './snapshot.ts';

const KEY = 'dk_live_000000000001';
const NEW_KEY = 'dk_live_000000000002';
const SCHEMA = { id: 7, digest: 'abc' };

let directory: string;
let path: string;
const projection = new ConfigProjection();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'snapshot-'));
  path = join(directory, 'snapshot.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function happens(payload: CommandPayload): void {
  const actor = { kind: 'system', id: 'test', name: null, ip: null } as const;
  const meta = { commandId: 'c', resourceId: 'src_a', expectedVersion: null, time: 0, actor, reason: null };
  const decision = decide(projection.current, { ...meta, payload }, { catalog: new Map() });
  if ('rejection' in decision) throw new Error(decision.rejection.message);
  for (const event of decision.events) projection.apply(event);
}

happens({
  'signal.config.CreateSource': {
    name: 'Shop',
    type: 'server',
    pipelineKey: KEY,
    allowedOrigins: [],
    truncateIp: false,
    requireSignature: true,
    vendorCookies: [],
    webhook: null,
    collector: {
      scriptFilename: 'shop',
      batchSize: 10,
      flushInterval: 1000,
      modules: [],
      consent: null,
      linkedDomains: [],
    },
  },
});
happens({ 'signal.config.RotateSourceKey': { pipelineKey: NEW_KEY } });

const secrets = { signingSecrets: () => ['sk_new', 'sk_old'], lacksSecrets: () => true };

/** The real one is not the gateway's own. */
const MARK = Buffer.from('sealed');
const seal: SnapshotSeal = {
  seal: (plaintext) => Buffer.concat([MARK, plaintext]),
  open: (sealed) => (sealed.subarray(0, MARK.length).equals(MARK) ? sealed.subarray(MARK.length) : undefined),
};

const kept = async (): Promise<GatewaySnapshot> => {
  await writeSnapshot(path, takeSnapshot(projection.current, SCHEMA, secrets), seal);
  const snapshot = await readSnapshot(path, seal);
  if (snapshot === undefined) throw new Error('no snapshot');
  return snapshot;
};

it('finds the sources that the configuration has, at its version', async () => {
  const live = configuredSources(projection, () => []);
  const snapshot = await kept();
  const sources = snapshotSources(snapshot);
  expect(snapshot.schema).toEqual(SCHEMA);
  expect(sources.version).toBe(2);
  for (const key of [KEY, NEW_KEY]) {
    const found = sources.sourceByKey(key);
    expect(found).toMatchObject({ id: 'src_a', requireSignature: true });
    const { webhook, collector, allowedOrigins, rateLimitRps } = live.sourceByKey(key) ?? {};
    expect(found).toMatchObject({ webhook, collector, allowedOrigins, rateLimitRps });
  }
  expect(sources.sourceById('src_a')?.name).toBe('Shop');
  expect(sources.sourceByScriptFilename('shop')?.id).toBe('src_a');
  expect(sources.sourceByKey('__proto__')).toBeUndefined();
});

it('knows what its sources sign with, and whether that is all', async () => {
  const sources = snapshotSources(await kept());
  expect(sources.signingSecrets('src_a')).toEqual(['sk_new', 'sk_old']);
  expect(sources.lacksSecrets?.('src_a')).toBe(true);
  expect(sources.signingSecrets('src_b')).toEqual([]);
  expect(sources.lacksSecrets?.('src_b')).toBe(false);
});

it('is not read where it is missing, or does not open', async () => {
  expect(await readSnapshot(path, seal)).toBeUndefined();
  await kept();
  expect(await readSnapshot(path, { ...seal, open: () => undefined })).toBeUndefined();
});
