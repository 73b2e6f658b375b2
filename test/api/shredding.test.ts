import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbeddedLog } from '../../streams/index.ts';
import { ADMIN_TOKEN, startSignal } from '../support/signal-process.ts';
import { waitFor } from '../support/wait-for.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'signal-shredding-'));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const SECRETS = ['vendor-token-to-be-destroyed', 'vendor-token-that-stays'];

/** The bytes of every file there is. */
const files = (): Buffer[] =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      try {
        return [readFileSync(join(entry.parentPath, entry.name))];
      } catch (error) {
        // RocksDB deletes some while this reads.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    });

const isOnDisk = (bytes: Buffer | string): boolean => files().some((file) => file.includes(bytes));

/** The data keys of secrets, wrapped, by id; undefined: destroyed. */
async function dataKeys(): Promise<Map<string, Buffer | undefined>> {
  const log = await openEmbeddedLog({ directory: dataDir, flush: 'os' });
  const found = new Map<string, Buffer | undefined>();
  for await (const records of log.read({ topic: 'secret-keys', partition: 0, from: 0 }))
    for (const { key, value } of records)
      found.set(String(key), value === null ? undefined : Buffer.from(value));
  await log.close();
  return found;
}

it('leaves nothing on disk that opens a secret whose integration was deleted', async () => {
  let signal = await startSignal(dataDir, { args: ['--roles', 'api'] });
  const ids: string[] = [];
  for (const secret of SECRETS) {
    const { id } = await signal.admin.post<{ id: string }>('integrations', {
      vendor: 'webhook',
      name: secret.slice(-5),
      config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: secret },
    });
    ids.push(id);
  }
  await signal.stop();
  const before = await dataKeys();
  expect(before.size).toBe(2);
  for (const key of before.values()) expect(isOnDisk(key ?? '')).toBe(true);

  signal = await startSignal(dataDir, { args: ['--roles', 'api'] });
  const deleted = await fetch(`${signal.api}/v1/admin/integrations/${ids[0]}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  expect(deleted.status).toBe(204);
  await signal.stop();
  const after = await dataKeys();
  const [destroyed, ...others] = [...after].filter(([, key]) => key === undefined).map(([id]) => id);
  expect([others, after.size]).toEqual([[], 2]);

  const wrapped = before.get(destroyed ?? '') ?? '';
  expect(isOnDisk(wrapped)).toBe(true);
  // As it does each minute while the process runs.
  const log = await openEmbeddedLog({ directory: dataDir, flush: 'os', retentionCheckMs: 20 });
  await waitFor(() => !isOnDisk(wrapped), { timeoutMs: 60_000, what: 'the data key to be gone from disk' });
  await log.close();
  expect(isOnDisk(wrapped)).toBe(false);
  const kept = [...before].find(([id]) => id !== destroyed)?.[1] ?? '';
  expect(isOnDisk(kept)).toBe(true);
  for (const secret of SECRETS) expect(isOnDisk(secret)).toBe(false);

  // Nobody misses anything.
  signal = await startSignal(dataDir, { args: ['--roles', 'api'] });
  const { data } = await signal.admin.get<{ data: { id: string }[] }>('integrations');
  expect(data.map(({ id }) => id)).toEqual([ids[1]]);
  expect(await signal.admin.get('config/verify')).toMatchObject({ valid: true });
  await signal.stop();
});
