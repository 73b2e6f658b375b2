import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CommandPayload, ConfigProjection, decide } from '../config/index.ts';
import { configuredSources } from './configured-sources.ts';
import {
  type GatewaySnapshot,
  readSnapshot,
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

const kept = async (): Promise<GatewaySnapshot> => {
  await writeSnapshot(path, takeSnapshot(projection.current, SCHEMA));
  const snapshot = await readSnapshot(path);
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
    expect(sources.sourceByKey(key)).toMatchObject({ id: 'src_a', requireSignature: true });
    expect(live.sourceByKey(key)).toMatchObject(
      JSON.parse(JSON.stringify({ ...sources.sourceByKey(key), createdAt: undefined, updatedAt: undefined })),
    );
  }
  expect(sources.sourceById('src_a')?.name).toBe('Shop');
  expect(sources.sourceByScriptFilename('shop')?.id).toBe('src_a');
  expect(sources.sourceByKey('__proto__')).toBeUndefined();
});

it('is not read where it is missing, cut off, changed or of another format', async () => {
  expect(await readSnapshot(path)).toBeUndefined();
  await kept();
  const text = await readFile(path, 'utf8');
  for (const damaged of [
    text.slice(0, -9),
    text.replace('Shop', 'Shap'),
    text.replace('"format":1', '"format":2'),
    '',
  ]) {
    await writeFile(path, damaged);
    expect(await readSnapshot(path)).toBeUndefined();
  }
});
