import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  leafHash,
  type NoteKey,
  openCheckpoint,
  parseNoteKey,
  verifyConsistency,
  verifyInclusion,
} from '../../config/index.ts';
import { openEmbeddedLog } from '../../streams/index.ts';
import { topicsOfConfig } from '../../topologies/config/index.ts';
import { verifyExport } from '../audit/index.ts';
import { type Running, start } from '../testing/harness.ts';

let running: Running;

beforeEach(async () => {
  running = await start();
  for (const name of ['Shop', 'App', '=1+1']) await running.post('/v1/admin/sources', { name, type: 'web' });
});

afterEach(() => running.stop());

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

const getJson = async (path: string) => (await running.get(`/v1/admin/config/${path}`)).json();

const getText = async (path: string): Promise<string> => (await running.get(`/v1/admin/config/${path}`)).body;

async function publicKey(): Promise<NoteKey> {
  const { public_key: text } = await getJson('public-key');
  const key = parseNoteKey(text);
  if (key === undefined) throw new Error(`${text} is no key`);
  return key;
}

async function verify(text: string) {
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield Buffer.from(text);
  }
  return verifyExport({ chunks: chunks(), keys: [await publicKey()] });
}

/** The first admin token, and three sources. */
const SIZE = 4;

describe('GET config/verify', () => {
  it('says that the log is whole, and how much of it is signed', async () => {
    const before = await getJson('verify');
    expect(before).toEqual({
      valid: true,
      size: SIZE,
      root: expect.any(String),
      signed_size: 0,
      problem: null,
    });
    await getText('export');
    expect(await getJson('verify')).toEqual({ ...before, signed_size: SIZE });
  });

  it('names the first event that is not what it was', async () => {
    await getText('export');
    running = await withChanged(running, (event) => event.replaceAll('Shop', 'Shup'));
    expect(await getJson('verify')).toMatchObject({
      valid: false,
      size: SIZE,
      problem: { kind: 'altered', sequence: 2, up_to: 2, message: 'event 2 was altered' },
    });
    expect((await verify(await getText('export'))).problem).toMatchObject({ kind: 'altered', sequence: 2 });
    expect(running.logged.join()).toContain('checkpoints of the config log are not made any more');
  });
});

/** The same API on a log whose events went through somebody's hands. */
async function withChanged(before: Running, change: (event: string) => string): Promise<Running> {
  await before.stop({ keep: true });
  const directory = await mkdtemp(join(tmpdir(), 'signal-api-'));
  const [from, to] = await Promise.all(
    [before.directory, directory].map((each) => openEmbeddedLog({ directory: each, flush: 'os' })),
  );
  if (from === undefined || to === undefined) throw new Error('no log');
  await to.createTopics(topicsOfConfig);
  for (const topic of ['config-events', 'config-checkpoints'])
    for await (const records of from.read({ topic, partition: 0, from: 0 }))
      await to.append(
        records.map((record) => ({
          ...record,
          value: Buffer.from(change(record.value?.toString('latin1') ?? ''), 'latin1'),
        })),
      );
  await from.close();
  await to.close();
  await rm(before.directory, { recursive: true });
  return start({ directory });
}

describe('GET config/export', () => {
  it('is an export that verifies by itself, all of it signed', async () => {
    const response = await running.get('/v1/admin/config/export');
    expect(response.headers['content-type']).toBe('application/x-ndjson');
    expect(response.headers['content-disposition']).toBe(`attachment; filename="config-${SIZE}.ndjson"`);
    expect(await verify(response.body)).toMatchObject({ valid: true, size: SIZE, signedSize: SIZE });
  });

  it('has every change that was answered before it was asked for', async () => {
    for (let i = 1; i <= 10; i++) {
      await running.post('/v1/admin/sources', { name: `Source ${i}`, type: 'web' });
      expect(await verify(await getText('export'))).toMatchObject({ valid: true, size: SIZE + i });
    }
  });

  it('makes one checkpoint for many exports of one log', async () => {
    await Promise.all([getText('export'), getText('export'), getText('export?format=csv')]);
    expect((await getJson('checkpoints')).data).toHaveLength(1);
  });

  it('comes as CSV and as Avro as well', async () => {
    const csv = await running.get('/v1/admin/config/export?format=csv');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body.split('\r\n')).toHaveLength(SIZE + 2);
    expect(csv.body).toContain(`"source.created"`);
    const avro = await running.get('/v1/admin/config/export?format=avro');
    expect(avro.headers['content-type']).toBe('application/vnd.apache.avro');
    expect(avro.rawPayload.subarray(0, 4).toString('latin1')).toBe('Obj\x01');
  });

  it.each(['ndjson', 'csv', 'avro'])('is refused as %s to whoever may only read', async (format) => {
    const made = await running.post('/v1/admin/tokens', { name: 'dashboard', scopes: ['config:read'] });
    const ask = (path: string) =>
      running.api.inject({
        url: `/v1/admin/config/${path}`,
        headers: { authorization: `Bearer ${made.json().token}` },
      });
    const refused = await ask(`export?format=${format}`);
    expect([refused.statusCode, refused.json().error.message]).toEqual([
      403,
      'The token does not permit this: config:export is needed',
    ]);
    // The same events, without what is secret in them.
    const hash = createHash('sha256').update(made.json().token).digest('hex');
    expect(await getText('export')).toContain(hash);
    for (const path of ['events', 'diff?from=0', 'verify', 'checkpoints', 'public-key']) {
      const answer = await ask(path);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toContain(hash);
    }
  });

  it('is refused in another format', async () => {
    const response = await running.get('/v1/admin/config/export?format=xml');
    expect([response.statusCode, response.json().error.details[0].path]).toEqual([422, 'format']);
  });
});

describe('GET config/checkpoints', () => {
  it('has none of a log that was never signed', async () => {
    expect((await getJson('checkpoints')).data).toEqual([]);
    const response = await running.get('/v1/admin/config/checkpoints?format=note');
    expect([response.statusCode, response.json().error.code]).toEqual([404, 'CHECKPOINT_NOT_FOUND']);
  });

  it('lists what was signed, page by page, and has the newest as it is', async () => {
    for (const name of ['A', 'B', 'C']) {
      await getText('export');
      await running.post('/v1/admin/sources', { name, type: 'web' });
    }
    const first = await getJson('checkpoints?limit=2');
    const rest = await getJson(`checkpoints?limit=2&cursor=${first.next_cursor}`);
    const all: { size: number; note: string; public_key: string }[] = [...first.data, ...rest.data];
    expect(all.map(({ size }) => size)).toEqual([4, 5, 6]);
    const key = await publicKey();
    expect(
      all.every(
        ({ note, public_key }) => openCheckpoint(note, [key]).kind === 'signed' && public_key === key.text,
      ),
    ).toBe(true);
    const note = await running.get('/v1/admin/config/checkpoints?format=note');
    expect(note.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(note.body).toBe(all[2]?.note);
  });
});

describe('a proof', () => {
  it('that an event is in the log holds against a checkpoint and the bytes of the export', async () => {
    const lines = (await getText('export')).split('\n');
    const key = await publicKey();
    for (let sequence = 1; sequence <= SIZE; sequence++) {
      const proof = await getJson(`proof/inclusion?sequence=${sequence}`);
      const opened = openCheckpoint(proof.checkpoint, [key]);
      if (opened.kind !== 'signed') throw new Error(opened.why);
      const leaf = leafHash(base64(JSON.parse(lines[sequence] ?? '').record));
      expect(proof.leaf_hash).toBe(leaf.toString('base64'));
      expect(verifyInclusion(leaf, sequence - 1, opened.checkpoint, proof.hashes.map(base64))).toBe(true);
    }
  });

  it('that the log extends what it was holds between two checkpoints', async () => {
    await getText('export');
    for (const name of ['A', 'B', 'C']) await running.post('/v1/admin/sources', { name, type: 'web' });
    await getText('export');
    const proof = await getJson(`proof/consistency?from=${SIZE}`);
    const key = await publicKey();
    const [from, to] = [proof.from_checkpoint, proof.to_checkpoint].map((note) =>
      openCheckpoint(note, [key]),
    );
    if (from?.kind !== 'signed' || to?.kind !== 'signed') throw new Error('unsigned');
    expect([from.checkpoint.size, to.checkpoint.size]).toEqual([SIZE, SIZE + 3]);
    expect(verifyConsistency(from.checkpoint, to.checkpoint, proof.hashes.map(base64))).toBe(true);
  });

  it('is at once to be had of a change that was answered, signed or not', async () => {
    for (let i = 1; i <= 10; i++) {
      await running.post('/v1/admin/sources', { name: `Source ${i}`, type: 'web' });
      const proof = await getJson(`proof/inclusion?sequence=${SIZE + i}`);
      expect(proof).toMatchObject({ size: SIZE + i, checkpoint: null });
    }
  });

  it.each([
    ['inclusion', 'sequence'],
    ['inclusion?sequence=0', 'sequence'],
    ['inclusion?sequence=x', 'sequence'],
    [`inclusion?sequence=${SIZE + 1}`, 'sequence'],
    ['inclusion?sequence=3&size=2', 'sequence'],
    [`inclusion?sequence=1&size=${SIZE + 1}`, 'size'],
    ['consistency', 'from'],
    ['consistency?from=3&to=2', 'from'],
    [`consistency?from=1&to=${SIZE + 1}`, 'to'],
    ['consistency?from=1&to=2&more=3', 'more'],
  ])('is refused: %s', async (query, path) => {
    const response = await running.get(`/v1/admin/config/proof/${query}`);
    expect([response.statusCode, response.json().error.details[0].path]).toEqual([422, path]);
  });
});

describe('the audit', () => {
  it.each([
    'verify',
    'export',
    'checkpoints',
    'public-key',
    'proof/inclusion?sequence=1',
    'proof/consistency?from=1',
  ])('is nobody’s without a token: %s', async (path) => {
    expect((await running.api.inject({ url: `/v1/admin/config/${path}` })).statusCode).toBe(401);
  });
});
