import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { objectStorePublisher, parseCheckpointKey } from '../../api/index.ts';
import { openCheckpoint } from '../../config/index.ts';
import { startSignal } from '../support/signal-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** The only key this store knows; it does not compute signatures of version 4 (publishers.test.ts does). */
const KEY = 'S3RVER';
const SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const CHECKPOINT = { size: 41, root: Buffer.alloc(32, 0xab), note: 'origin\n41\nq6ur\n\n— origin AAAA\n' };

const { signal } = new AbortController();
let directory: string;
let store: S3rver;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signal-object-store-'));
  store = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(directory, 'objects'),
    configureBuckets: [{ name: 'audit', configs: [] }],
  });
  const { port } = await store.run();
  url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const publisher = (bucket: string, accessKeyId = KEY) =>
  objectStorePublisher({
    url: `${url}/${bucket}`,
    region: 'eu-central-1',
    accessKeyId,
    secretAccessKey: KEY,
  });

/** What lies under a prefix, by key. */
async function objects(prefix: string): Promise<Map<string, string>> {
  const listed = await (await fetch(`${url}/audit?list-type=2&prefix=${prefix}`)).text();
  const keys = [...listed.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
  const found = keys.map(async (key) => [key, await (await fetch(`${url}/audit/${key}`)).text()] as const);
  return new Map(await Promise.all(found));
}

it('keeps each checkpoint in an object, byte for byte, and two that contradict one another', async () => {
  await publisher('audit/one').publish(CHECKPOINT, signal);
  await publisher('audit/one/').publish(CHECKPOINT, signal);
  await publisher('audit/one').publish({ ...CHECKPOINT, root: Buffer.alloc(32, 0xcd) }, signal);
  expect(await objects('one/')).toEqual(
    new Map([
      ['one/000000000041-abababababababab.checkpoint', CHECKPOINT.note],
      ['one/000000000041-cdcdcdcdcdcdcdcd.checkpoint', CHECKPOINT.note],
    ]),
  );
});

it('says why it has not got one', async () => {
  await expect(publisher('nowhere').publish(CHECKPOINT, signal)).rejects.toThrow('404 NoSuchBucket');
  await expect(publisher('audit', 'AKIDUNKNOWN').publish(CHECKPOINT, signal)).rejects.toThrow(
    '403 InvalidAccessKeyId',
  );
});

it('gets what a running Signal signs, of both its logs', async () => {
  const process = await startSignal(join(directory, 'data'), {
    args: ['--roles', 'api'],
    env: {
      SIGNAL_CHECKPOINT_BUCKET: `${url}/audit/signal`,
      AWS_ACCESS_KEY_ID: KEY,
      AWS_SECRET_ACCESS_KEY: KEY,
      AWS_REGION: 'eu-central-1',
      SIGNAL_CHECKPOINT_KEY: SECRET,
      SIGNAL_CHECKPOINT_EVERY: '1',
    },
  });
  try {
    await process.admin.post('sources', { name: ' ', type: 'web' }).catch(() => undefined);
    const found = await waitFor(
      async () => {
        const all = await objects('signal/');
        return [...all.keys()].some((key) => key.includes('access-log/')) && all.size > 1 ? all : undefined;
      },
      { what: 'the checkpoints in the bucket' },
    );
    const signer = parseCheckpointKey(SECRET);
    const keys = [signer.key, signer.derive('PeterNeumann/access-log').key];
    for (const [name, note] of found) {
      const opened = openCheckpoint(note, keys);
      expect(opened.kind, name).toBe('signed');
      const isAccessLog = opened.kind === 'signed' && opened.checkpoint.origin === 'PeterNeumann/access-log';
      expect(name.startsWith('signal/access-log/'), name).toBe(isAccessLog);
    }
  } finally {
    await process.stop();
  }
});
