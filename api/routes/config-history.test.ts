import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start, TOKEN } from '../testing/harness.ts';
import { ask, join, type Person } from '../testing/people.ts';

let running: Running;
let owner: Person;
let viewer: Person;
/** The config version right after the viewer was invited and had accepted. */
let joined: number;

const get = async (path: string) => (await ask(running, 'GET', path, TOKEN)).json();
const events = (query: string) => get(`/config/events?${query}`);
const typesOf = (page: { data: { type: string }[] }): string[] => page.data.map(({ type }) => type);

beforeAll(async () => {
  running = await start();
  owner = await join(running, 'owner@example.com', 'owner');
  viewer = await join(running, 'viewer@example.com', 'viewer');
  joined = running.projection.version;
  await running.api.inject({
    method: 'PATCH',
    url: `/v1/admin/users/${viewer.id}`,
    headers: { authorization: `Bearer ${owner.accessToken}`, 'x-change-reason': 'Covers for "Grace"' },
    payload: { role: 'editor' },
  });
  await running.post('/v1/admin/integrations', {
    vendor: 'webhook',
    name: 'Sink',
    config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: 'very-secret-token' },
  });
});

afterAll(async () => {
  await running.stop();
});

describe('the events of the configuration', () => {
  it('say which fields they changed, from what to what, who did it and why', async () => {
    const { data } = await events(`resource_id=${viewer.id}`);
    expect(data.map((event: { type: string }) => event.type)).toEqual([
      'user.invited',
      'user.invitation_accepted',
      'user.role_changed',
    ]);
    expect(data[2]).toMatchObject({
      resource_type: 'user',
      actor: { kind: 'user', id: owner.id, name: 'owner@example.com' },
      reason: 'Covers for "Grace"',
      changes: [{ path: 'role', before: 'viewer', after: 'editor' }],
    });
    expect(data[0].changes).toContainEqual({ path: 'email', before: null, after: 'viewer@example.com' });
    expect(data[1].changes).toContainEqual({ path: 'status', before: 'invited', after: 'active' });
  });

  it('show of a secret its fingerprint only, of a password nothing', async () => {
    const response = await ask(running, 'GET', '/config/events?limit=100', TOKEN);
    expect(response.body).not.toMatch(/very-secret-token|v1\.sec_|argon2|password_hash/i);
    const { data } = await events('type=integration.installed');
    expect(data[0].changes).toContainEqual({
      path: 'fingerprints.auth_token',
      before: null,
      after: expect.stringMatching(/^fp_/),
    });
    expect(data[0].changes).toContainEqual({
      path: 'revisions.1.settings.url',
      before: null,
      after: 'https://sink.example/in',
    });
  });

  it('are found by who did it, to what, when, and by what is said in them', async () => {
    expect(typesOf(await events(`actor=${owner.id}`))).toEqual([
      'user.invitation_accepted',
      'user.role_changed',
    ]);
    expect(typesOf(await events('actor=viewer@example.com'))).toEqual(['user.invitation_accepted']);
    expect(typesOf(await events('resource_type=integration'))).toEqual(['integration.installed']);
    expect(typesOf(await events('text=for%20%5C%22grace'))).toEqual(['user.role_changed']);
    expect(typesOf(await events('text=nothing%20like%20it'))).toEqual([]);
    const all = (await events('limit=100')).data;
    const [first, last] = [all[0], all.at(-1)];
    expect((await events(`from=${first.time}`)).data).toHaveLength(all.length);
    expect((await events(`to=${first.time}`)).data).toEqual([]);
    expect((await events(`from=${last.time}&type=integration.installed`)).data).toHaveLength(1);
  });

  it('come page by page under a filter as well', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await events(`resource_type=user&limit=2${cursor}`);
      seen.push(...typesOf(page));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([
      'user.invited',
      'user.invitation_accepted',
      'user.invited',
      'user.invitation_accepted',
      'user.role_changed',
    ]);
  });
});

describe('a read as of an earlier point', () => {
  it('shows what there was then, by sequence and by time', async () => {
    expect((await get(`/users/${viewer.id}`)).role).toBe('editor');
    expect((await get(`/users/${viewer.id}?at=${joined}`)).role).toBe('viewer');
    const [, , changed] = (await events(`resource_id=${viewer.id}`)).data;
    const justBefore = new Date(Date.parse(changed.time) - 1).toISOString();
    expect((await get(`/users/${viewer.id}?at=${changed.time}`)).role).toBe('editor');
    expect((await get(`/users?at=${joined - 2}`)).data).toHaveLength(1);
    expect(['viewer', undefined]).toContain((await get(`/users/${viewer.id}?at=${justBefore}`)).role);
    for (const list of ['integrations', 'users', 'pipelines'])
      expect((await get(`/${list}?at=0`)).data).toEqual([]);
    expect((await get('/users?at=2001-01-01T00:00:00Z')).data).toEqual([]);
    expect((await get(`/users/${viewer.id}?at=0`)).error.code).toBe('USER_NOT_FOUND');
  });

  it.each(['1000', '-1', 'yesterday', '2026-13-01T00:00:00Z', '1.5', ''])(
    'is refused at "%s"',
    async (at) => {
      const response = await ask(running, 'GET', `/users?at=${at}`, TOKEN);
      expect(response.statusCode).toBe(422);
      expect(response.json().error.details).toEqual([expect.objectContaining({ path: 'at' })]);
    },
  );
});

describe('the difference between two points', () => {
  it('is what differs at the end, resource by resource, with the events it came from', async () => {
    const { data } = await get(`/config/diff?from=${joined}`);
    expect(data).toEqual([
      {
        resource_type: 'user',
        resource_id: viewer.id,
        change: 'updated',
        events: [joined + 1],
        changes: [{ path: 'role', before: 'viewer', after: 'editor' }],
      },
      expect.objectContaining({ resource_type: 'integration', change: 'created', events: [joined + 2] }),
    ]);
    expect((await get(`/config/diff?from=${joined}&to=${joined}`)).data).toEqual([]);
  });

  it('is what going back would change where the later point comes first', async () => {
    const now = running.projection.version;
    const { data } = await get(`/config/diff?from=${now}&to=${joined}`);
    expect(data).toEqual([
      expect.objectContaining({
        resource_id: viewer.id,
        events: [joined + 1],
        changes: [{ path: 'role', before: 'editor', after: 'viewer' }],
      }),
      expect.objectContaining({ resource_type: 'integration', change: 'deleted', events: [joined + 2] }),
    ]);
  });

  it('names points that there are not', async () => {
    const { error } = await get('/config/diff?from=0&to=1000');
    expect(error.details).toEqual([expect.objectContaining({ path: 'to', code: 'OUT_OF_RANGE' })]);
  });
});

describe('a log read as of an earlier point', () => {
  it('shows the events, the checkpoints and the access log there were', async () => {
    const { data: all } = await events('limit=100');
    expect((await events(`limit=100&at=${joined}`)).data).toEqual(all.slice(0, joined));
    expect((await events(`limit=2&at=${joined}`)).has_more).toBe(true);
    expect((await events('at=2001-01-01T00:00:00Z')).data).toEqual([]);

    for (const log of ['config', 'access-log']) {
      await running.post('/v1/admin/sources', { name: ' ', type: 'web' });
      await get(`/${log}/export?format=csv`).catch(() => undefined);
      await running.post('/v1/admin/sources', { name: ' ', type: 'web' });
      await running.post('/v1/admin/sources', { name: `Source of ${log}`, type: 'web' });
      await get(`/${log}/export?format=csv`).catch(() => undefined);
      const [first, second] = (await get(`/${log}/checkpoints`)).data;
      expect((await get(`/${log}/checkpoints?at=${second.size - 1}`)).data).toEqual([first]);
      expect((await get(`/${log}/checkpoints?at=${second.time}`)).data).toContainEqual(second);
      expect((await get(`/${log}/checkpoints?at=2001-01-01T00:00:00Z`)).data).toEqual([]);
      const note = await ask(running, 'GET', `/${log}/checkpoints?format=note&at=${first.size}`, TOKEN);
      expect(note.body).toBe(first.note);
    }

    const { data: recorded } = await get('/access-log');
    expect((await get('/access-log?at=2')).data).toEqual(recorded.slice(0, 2));
    expect((await get('/access-log?at=2001-01-01T00:00:00Z')).data).toEqual([]);
    expect((await get(`/access-log?at=${recorded.at(-1).time}`)).data).toEqual(recorded);
    expect((await get('/access-log?at=2026-13-01T00:00:00Z')).error.code).toBe('VALIDATION_FAILED');
  });
});

describe('what an event says', () => {
  it('has the words of the API, but for those that the caller chose', async () => {
    await running.post('/v1/admin/sources', { name: 'Words', type: 'web' });
    await running.post('/v1/admin/integrations', {
      vendor: 'webhook',
      name: 'Words',
      config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: 'a-secret' },
      consent_categories: ['analytics'],
    });
    const { data } = await events('text=words');
    expect(data[0].payload.collector).toMatchObject({ batch_size: 10, script_filename: null });
    expect(data[1].payload).toMatchObject({
      consent_categories: ['analytics'],
      fingerprints: { auth_token: expect.stringMatching(/^fp_/) },
    });
  });
});

describe('the reason of a change', () => {
  it.each([
    ['in UTF-8', Buffer.from('Größe für 東京 🏬').toString('latin1'), 'Größe für 東京 🏬'],
    ['in Latin-1, as browsers send it', 'Größe', 'Größe'],
    ['longer than is kept', Buffer.from('🏬'.repeat(600)).toString('latin1'), '🏬'.repeat(500)],
  ])('is kept as it was written: %s', async (_, header, kept) => {
    const response = await running.api.inject({
      method: 'POST',
      url: '/v1/admin/sources',
      headers: { authorization: `Bearer ${TOKEN}`, 'x-change-reason': header },
      payload: { name: `Reason ${running.projection.version}`, type: 'web' },
    });
    expect(response.statusCode).toBe(201);
    expect(running.projection.event(running.projection.version).reason).toBe(kept);
  });
});
