import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../config/index.ts';
import { readSnapshot, takeSnapshot, writeSnapshot } from '../../gateway/index.ts';
import { snapshotSeal } from './snapshot-seal.ts';

const seal = snapshotSeal(Buffer.alloc(32, 1));
const none = { signingSecrets: () => [], lacksSecrets: () => false };

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'snapshot-seal-'));
  path = join(directory, 'snapshot');
  await writeSnapshot(path, takeSnapshot(EMPTY_STATE, { id: 7, digest: 'a-digest' }, none), seal);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('a snapshot opens with the master key it was sealed with, and no other', async () => {
  expect(await readSnapshot(path, seal)).toMatchObject({ schema: { digest: 'a-digest' } });
  expect(await readSnapshot(path, snapshotSeal(Buffer.alloc(32, 2)))).toBeUndefined();
});

it('nothing of a snapshot can be read on disk, by others not even its bytes', async () => {
  expect((await readFile(path)).includes('a-digest')).toBe(false);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('a snapshot of which a bit is not what it was, or the end is missing, is none', async () => {
  const whole = await readFile(path);
  for (let i = 0; i < whole.length; i++) {
    const changed = Buffer.from(whole);
    changed.writeUInt8((changed[i] ?? 0) ^ 1, i);
    await writeFile(path, changed);
    expect(await readSnapshot(path, seal)).toBeUndefined();
  }
  for (const length of [0, 10, whole.length - 1]) {
    await writeFile(path, whole.subarray(0, length));
    expect(await readSnapshot(path, seal)).toBeUndefined();
  }
});
