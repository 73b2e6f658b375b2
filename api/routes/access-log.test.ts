import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEADERS } from '../../schemas/index.ts';
import { rawEvent, trackEvent } from '../../topologies/testing/events.ts';
import { TOPICS } from '../../topologies/topics.ts';
import { type Running, start, TOKEN } from '../testing/harness.ts';
import { ask, join, type Person } from '../testing/people.ts';

let running: Running;
let viewer: Person;
let auditor: Person;

beforeAll(async () => {
  running = await start();
  await join(running, 'owner@example.com', 'owner');
  viewer = await join(running, 'viewer@example.com', 'viewer');
  auditor = await join(running, 'auditor@example.com', 'auditor');
});

afterAll(async () => {
  await running.stop();
});

const read = async (query = '') =>
  (await ask(running, 'GET', `/access-log?${query}`, auditor.accessToken)).json();

const accept = (messageId: string) =>
  running.log.append([
    {
      topic: TOPICS.rawEvents,
      key: Buffer.from('a'),
      value: running.serdes.rawEvent.serialize(rawEvent(trackEvent({ messageId }))),
      timestamp: 2_000,
      headers: [[HEADERS.messageId, Buffer.from(messageId)]],
    },
  ]);

describe('the access log', () => {
  it('knows who looked at what somebody did', async () => {
    await accept('evt_1');
    const answer = await ask(running, 'GET', '/events/evt_1', viewer.accessToken);
    expect(answer.statusCode).toBe(200);
    const { data } = await read('action=event.read');
    expect(data).toEqual([
      {
        sequence: expect.any(Number),
        action: 'event.read',
        time: expect.any(String),
        actor: { kind: 'user', id: viewer.id, name: 'viewer@example.com', ip: '127.0.0.1' },
        ip: '127.0.0.1',
        resource_id: 'evt_1',
        code: null,
        detail: null,
        request_id: answer.headers['x-request-id'],
      },
    ]);
  });

  it('shows nothing that could not be recorded', async () => {
    await accept('evt_2');
    const { append } = running.log;
    running.log.append = () => Promise.reject(new Error('the disk is full'));
    const answer = await ask(running, 'GET', '/events/evt_2', viewer.accessToken);
    running.log.append = append;
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('evt_2');
  });

  it('knows of logins that failed, whose they were if anybody, and not what was typed', async () => {
    const login = (email: string) =>
      ask(running, 'POST', '/auth/login', undefined, { email, password: 'typed by mistake' });
    await login('viewer@example.com');
    await login('another-password@typed-by-mistake');
    const { data } = await read('action=auth.login_failed');
    expect(data).toEqual([
      expect.objectContaining({
        code: 'INVALID_CREDENTIALS',
        actor: expect.objectContaining({ id: viewer.id }),
      }),
      expect.objectContaining({ code: 'INVALID_CREDENTIALS', actor: null, ip: '127.0.0.1' }),
    ]);
    expect(JSON.stringify(await read('limit=100'))).not.toContain('by-mistake');
  });

  it('knows of changes that were refused, and why', async () => {
    await running.post('/v1/admin/sources', { name: 'Shop', type: 'web' });
    await running.post('/v1/admin/sources', { name: 'shop', type: 'web' });
    const { data } = await read('action=command.rejected');
    expect(data.at(-1)).toMatchObject({
      code: 'NAME_TAKEN',
      actor: { kind: 'token' },
      resource_id: expect.stringMatching(/^src_/),
    });
  });

  it('knows who asked for what they may not', async () => {
    expect((await ask(running, 'DELETE', '/sources/src_1', viewer.accessToken)).statusCode).toBe(403);
    const body = { email: 'x@example.com', name: 'X', role: 'owner' };
    expect((await ask(running, 'POST', '/users', TOKEN, body)).statusCode).toBe(403);
    const { data } = await read('action=access.denied');
    expect(data).toMatchObject([
      {
        actor: { id: viewer.id },
        resource_id: 'src_1',
        code: 'FORBIDDEN',
        detail: 'DELETE /v1/admin/sources/:id: sources:delete is needed',
      },
      { actor: { kind: 'token' }, resource_id: null, detail: expect.stringContaining('owners:write') },
    ]);
  });

  it('is read page by page, by actor, resource and time', async () => {
    const all = (await read('limit=100')).data;
    expect(all.map(({ sequence }: { sequence: number }) => sequence)).toEqual(
      all.map((_: unknown, index: number) => index + 1),
    );
    const first = await read('limit=2');
    const second = await read(`limit=100&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data]).toEqual(all);
    expect((await read(`actor=${viewer.id}&action=event.read`)).data).toHaveLength(1);
    expect((await read('actor=viewer@example.com&resource_id=evt_1')).data).toHaveLength(1);
    const { time } = all[all.length - 1];
    expect((await read(`from=${time}`)).data.at(-1)).toEqual(all.at(-1));
    expect((await read(`to=${all[0].time}`)).data).toEqual([]);
  });

  it('is for those whom the table names, and outlives a restart', async () => {
    expect((await ask(running, 'GET', '/access-log', viewer.accessToken)).statusCode).toBe(403);
    expect((await ask(running, 'GET', '/events/evt_1', auditor.accessToken)).statusCode).toBe(403);
    const before = (await read('limit=100')).data;
    running = await running.restart();
    expect((await ask(running, 'GET', '/access-log?limit=100', TOKEN)).json().data).toEqual(before);
  });
});
