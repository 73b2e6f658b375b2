import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from './testing/harness.ts';
import { join } from './testing/people.ts';
import { type SendOptions, send } from './testing/send.ts';

let running: Running;

beforeAll(async () => {
  running = await start();
});

afterAll(() => running.stop());

let names = 0;
const newName = (): string => `Source ${++names}`;

const create = (options: SendOptions = {}) =>
  send(running, 'POST', '/sources', { body: { name: newName(), type: 'web' }, ...options });

const rename = (id: string, name: string, headers: Record<string, string> = {}) =>
  send(running, 'PATCH', `/sources/${id}`, { body: { name }, headers });

describe('If-Match', () => {
  it('is compared with the version that ETag told, and a stale change is told the current one', async () => {
    const created = await create();
    expect(created.headers.etag).toBe('"1"');
    const { id } = created.json();
    const first = await rename(id, newName(), { 'if-match': '"1"' });
    expect([first.statusCode, first.headers.etag, first.json().version]).toEqual([200, '"2"', 2]);

    const stale = await rename(id, newName(), { 'if-match': '"1"' });
    expect(stale.statusCode).toBe(409);
    expect(stale.json().error).toMatchObject({
      code: 'VERSION_CONFLICT',
      details: [{ path: 'if-match', current_version: 2 }],
    });
    expect((await send(running, 'GET', `/sources/${id}`)).headers.etag).toBe('"2"');
    expect((await rename(id, newName(), { 'if-match': '*' })).statusCode).toBe(200);
  });

  it('lets one of those win who change the same at once, and loses nothing of it', async () => {
    const { id } = (await create()).json();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => rename(id, newName(), { 'if-match': '"1"' })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, ...Array(9).fill(409)]);
    const winner = answers.find(({ statusCode }) => statusCode === 200);
    expect((await send(running, 'GET', `/sources/${id}`)).json()).toEqual(winner?.json());
  });

  it.each(['1', 'W/"1"', '"1", "2"', '"-1"', '"01"', ''])('is refused as %j', async (header) => {
    const { id } = (await create()).json();
    const response = await rename(id, newName(), { 'if-match': header });
    expect(response.statusCode).toBe(422);
    expect(response.json().error.details[0].path).toBe('if-match');
  });
});

describe('Idempotency-Key', () => {
  it('makes a repeated creation answer as the first, and create nothing', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const body = { name: newName(), type: 'web' };
    const first = await create({ body, headers });
    await rename(first.json().id, newName());
    const version = running.projection.version;
    const again = await create({ body, headers });
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    expect(again.headers.etag).toBe('"1"');
    expect(running.projection.version).toBe(version);
  });

  it('makes a repeated change answer as the first, even where it was deleted since', async () => {
    const { id } = (await create()).json();
    const name = newName();
    const headers = { 'idempotency-key': 'rename-1' };
    const first = await rename(id, name, headers);
    const remove = { headers: { 'idempotency-key': 'delete-1' } };
    expect((await send(running, 'DELETE', `/sources/${id}`, remove)).statusCode).toBe(204);
    expect((await rename(id, name, headers)).json()).toEqual(first.json());
    expect((await send(running, 'DELETE', `/sources/${id}`, remove)).statusCode).toBe(204);
    expect((await send(running, 'DELETE', `/sources/${id}`)).statusCode).toBe(404);
  });

  it('makes a repeated refusal answer as the first', async () => {
    const { id } = (await create()).json();
    const headers = { 'idempotency-key': 'stale-1', 'if-match': '"7"' };
    const name = newName();
    const first = await rename(id, name, headers);
    await rename(id, newName());
    const again = await rename(id, name, headers);
    expect([again.statusCode, again.json()]).toEqual([409, first.json()]);
  });

  it('is refused with another request, which neither is made nor taken for made', async () => {
    const headers = { 'idempotency-key': 'create-2' };
    const body = { name: newName(), type: 'web' };
    const first = await create({ body, headers });
    const version = running.projection.version;
    const others = [
      { ...body, name: newName() },
      { ...body, name: 'invalid ' },
    ];
    for (const other of others) {
      const refused = await create({ body: other, headers });
      expect(refused.statusCode).toBe(422);
      expect(refused.json().error).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
        details: [{ path: 'idempotency-key' }],
      });
    }
    const { name, type } = body;
    expect((await create({ body: { type, name }, headers })).json()).toEqual(first.json());
    expect(running.projection.version).toBe(version);
  });

  it('makes one change of many that come at once, and refuses those that are others', async () => {
    const headers = { 'idempotency-key': 'at-once' };
    const bodies = [newName(), newName()].map((name) => ({ name, type: 'web' }));
    const version = running.projection.version;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => create({ body: bodies[i % 2] ?? {}, headers })),
    );
    const won = answers.find(({ statusCode }) => statusCode === 201)?.json();
    for (const [i, answer] of answers.entries())
      if (bodies[i % 2]?.name === won.name) expect(answer.json()).toEqual(won);
      else expect(answer.json().error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(running.projection.version).toBe(version + 1);
  });

  it('lets nobody guess from the audit trail what was said with it', async () => {
    const headers = { 'idempotency-key': 'secret' };
    const sink = {
      vendor: 'webhook',
      name: newName(),
      config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: '1234' },
    };
    await send(running, 'POST', '/integrations', { body: sink, headers });
    const { command_id: id } = (await send(running, 'GET', '/config/events?text=bearer')).json().data.at(-1);
    expect(id).toMatch(/^idem_[0-9a-f]{64}[.][0-9a-f]{16}$/);
    const hashes = [sink, [{}, sink]].map((text) =>
      createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 16),
    );
    for (const hash of hashes) expect(id).not.toContain(hash);
  });

  it("is the caller's own, and the path's own", async () => {
    const headers = { 'idempotency-key': 'shared' };
    const { accessToken: token } = await join(running, 'owner@example.com', 'owner');
    const mine = await create({ headers });
    const theirs = await create({ headers, token });
    expect(theirs.json().id).not.toBe(mine.json().id);
    const renamed = await Promise.all(
      [mine, theirs].map((each) => rename(each.json().id, newName(), headers)),
    );
    expect(renamed.map((each) => each.json().id)).toEqual([mine.json().id, theirs.json().id]);
  });

  it('does not show again what is shown only once', async () => {
    const options = { body: { name: 'CI', scopes: ['viewer'] }, headers: { 'idempotency-key': 'token-1' } };
    const first = await send(running, 'POST', '/tokens', options);
    const again = await send(running, 'POST', '/tokens', options);
    expect([first.statusCode, again.statusCode]).toEqual([201, 409]);
    expect(again.json().error).toMatchObject({
      code: 'ALREADY_ANSWERED',
      message: expect.stringContaining(first.json().id),
    });
  });

  it.each(['', 'a b', 'x'.repeat(201)])('is refused as %j', async (key) => {
    expect((await create({ headers: { 'idempotency-key': key } })).statusCode).toBe(422);
  });
});

it('a change that changes nothing is answered with what there is, and is no event', async () => {
  const { id, name } = (await create()).json();
  const version = running.projection.version;
  const response = await rename(id, name);
  expect([response.statusCode, response.json()]).toMatchObject([200, { id, name, version: 1 }]);
  expect(running.projection.version).toBe(version);
});
