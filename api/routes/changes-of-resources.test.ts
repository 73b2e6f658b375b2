import { readdir, readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, start } from '../testing/harness.ts';
import { join, type Method } from '../testing/people.ts';
import { type SendOptions, send } from '../testing/send.ts';

let running: Running;

beforeEach(async () => {
  running = await start();
});

afterEach(() => running.stop());

/** The body of the answer, which must be of the status. */
async function ask(
  status: number,
  method: Method,
  path: string,
  options: SendOptions | object = {},
): Promise<ReturnType<typeof JSON.parse>> {
  const isOptions = 'body' in options || 'headers' in options || 'token' in options;
  const response = await send(running, method, path, isOptions ? options : { body: options });
  expect(response.statusCode, `${method} ${path}: ${response.body}`).toBe(status);
  return response.body === '' ? undefined : response.json();
}

const act = (status: number, path: string) => ask(status, 'POST', path, { headers: {} });
const remove = (status: number, path: string) => ask(status, 'DELETE', path, { headers: {} });
const read = (path: string) => ask(200, 'GET', path, { headers: {} });

const SECRET = 'plain-text-of-the-secret';
const CONFIG = { url: 'https://sink.example/in', authentication: 'bearer', auth_token: SECRET };
const install = (config: object = CONFIG) =>
  ask(201, 'POST', '/integrations', { vendor: 'webhook', name: 'Sink', config });

const sealedSecret = (id: string): string =>
  running.projection.current.integrations.get(id)?.secrets.get('auth_token') ?? '';

async function dataHolds(text: string): Promise<boolean> {
  const files = await readdir(running.directory, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(joinPath(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).some((content) => content.includes(text));
}

describe('a source', () => {
  it('is changed, has its key rotated and is deleted', async () => {
    const { id, pipeline_key: old } = await ask(201, 'POST', '/sources', { name: 'Shop', type: 'web' });
    const path = `/sources/${id}`;
    expect(await ask(200, 'PATCH', path, { rate_limit_rps: 5 })).toMatchObject({ rate_limit_rps: 5 });
    expect(await ask(200, 'PATCH', path, { rate_limit_rps: null, name: 'Store' })).toMatchObject({
      rate_limit_rps: null,
      name: 'Store',
    });
    const { pipeline_key: key, pipeline_keys: keys } = await act(200, `${path}/rotate-key`);
    expect(keys).toEqual([old, key]);
    expect((await act(409, `${path}/rotate-key`)).error.code).toBe('KEY_ROTATION_UNFINISHED');
    expect(await ask(200, 'POST', `${path}/revoke-key`, { pipeline_key: old })).toMatchObject({
      pipeline_key: key,
      pipeline_keys: [key],
    });
    expect((await ask(409, 'POST', `${path}/revoke-key`, { pipeline_key: key })).error.code).toBe('LAST_KEY');
    await remove(204, path);
    await remove(404, path);
  });

  it('is not deleted while it is used', async () => {
    const source = await ask(201, 'POST', '/sources', { name: 'Shop', type: 'web' });
    const integration = await install();
    const ids = { source_id: source.id, integration_id: integration.id };
    const pipeline = await ask(201, 'POST', '/pipelines', ids);
    for (const path of [`/sources/${source.id}`, `/integrations/${integration.id}`])
      expect((await remove(409, path)).error).toMatchObject({
        code: 'IN_USE',
        message: expect.stringContaining(pipeline.id),
      });
    await remove(204, `/pipelines/${pipeline.id}`);
    await remove(204, `/sources/${source.id}`);
    await remove(204, `/integrations/${integration.id}`);
  });
});

describe('the secrets of an integration', () => {
  it('are destroyed when others take their place, and when it is deleted', async () => {
    const { id } = await install();
    const first = sealedSecret(id);
    expect(await running.vault.open(first)).toBe(SECRET);
    const shown = await ask(200, 'POST', `/integrations/${id}/credentials`, {
      secrets: { auth_token: 'another-secret' },
    });
    expect(shown.revision).toBe(1);
    const second = sealedSecret(id);
    await expect(running.vault.open(first)).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
    expect(await running.vault.open(second)).toBe('another-secret');
    await remove(204, `/integrations/${id}`);
    await expect(running.vault.open(second)).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
    for (const secret of [SECRET, 'another-secret']) expect(await dataHolds(secret)).toBe(false);
  });

  it('are those of the first request when it is repeated, and no others are left', async () => {
    const { id } = await install();
    const options = {
      body: { secrets: { auth_token: 'another-secret' } },
      headers: { 'idempotency-key': 'rotate-1' },
    };
    const first = await ask(200, 'POST', `/integrations/${id}/credentials`, options);
    const sealed = sealedSecret(id);
    expect(await ask(200, 'POST', `/integrations/${id}/credentials`, options)).toEqual(first);
    expect(sealedSecret(id)).toBe(sealed);
    expect(await running.vault.open(sealed)).toBe('another-secret');
    const live = new Map<string, boolean>();
    for await (const records of running.log.read({ topic: 'secret-keys', partition: 0, from: 0 }))
      for (const { key, value } of records) live.set(String(key), value !== null);
    expect([...live.values()].filter((isLive) => isLive)).toHaveLength(1);
  });

  it('enter no log where they do not belong', async () => {
    const { id } = await install();
    for (const [method, path, body] of [
      ['PATCH', `/integrations/${id}`, { config: { auth_token: 'misplaced-secret' } }],
      ['POST', `/integrations/${id}/revisions`, { config: { auth_token: 'misplaced-secret' } }],
      ['PATCH', `/integrations/${id}`, { config: { auth_tokn: 'misplaced-secret' } }],
      ['POST', `/integrations/${id}/credentials`, { secrets: { auth_tokn: 'misplaced-secret' } }],
    ] as const)
      await ask(422, method, path, body);
    expect(await dataHolds('misplaced-secret')).toBe(false);
  });
});

describe('an integration', () => {
  it('takes name and categories at once, and settings as a draft', async () => {
    const { id } = await install();
    const changes = {
      name: 'Drain',
      consent_categories: [],
      config: { url: 'https://b.example', timeout_ms: null },
    };
    expect(await ask(200, 'PATCH', `/integrations/${id}`, changes)).toMatchObject({
      name: 'Drain',
      consent_categories: [],
      revision: 1,
      latest_draft: 2,
      config: { url: 'https://sink.example/in' },
      version: 3,
    });
    expect((await read(`/integrations/${id}/revisions`)).data).toMatchObject([
      { revision: 1, status: 'published' },
      { revision: 2, status: 'draft', config: { url: 'https://b.example', authentication: 'bearer' } },
    ]);
  });

  it('is paused and resumed', async () => {
    const { id } = await install();
    expect(await act(200, `/integrations/${id}/pause`)).toMatchObject({ paused: true });
    expect(await act(200, `/integrations/${id}/pause`)).toMatchObject({ paused: true, version: 2 });
    expect(await act(200, `/integrations/${id}/resume`)).toMatchObject({ paused: false, version: 3 });
  });
});

describe('a revision', () => {
  it('goes from draft to the pipeline, and back', async () => {
    const { id } = await install();
    const source = await ask(201, 'POST', '/sources', { name: 'Shop', type: 'web' });
    const pipeline = await ask(201, 'POST', '/pipelines', { source_id: source.id, integration_id: id });
    const revisions = `/integrations/${id}/revisions`;
    await ask(201, 'POST', revisions, { config: { url: 'https://b.example' }, summary: 'Moved' });
    await ask(200, 'PUT', `${revisions}/2`, { config: { url: 'https://c.example' } });
    const pin = `/pipelines/${pipeline.id}/pin`;
    expect((await ask(409, 'POST', pin, { revision: 2 })).error.code).toBe('NOT_PUBLISHED');
    expect(await act(200, `${revisions}/2/publish`)).toMatchObject({
      status: 'published',
      config: { url: 'https://c.example' },
    });
    expect((await ask(409, 'PUT', `${revisions}/2`, {})).error.code).toBe('REVISION_PUBLISHED');
    expect(await ask(200, 'POST', pin, {})).toMatchObject({ revision: 2, previous_revision: 1 });
    expect(await act(200, `/pipelines/${pipeline.id}/roll-back`)).toMatchObject({ revision: 1 });
    await act(409, `/pipelines/${pipeline.id}/roll-back`);
    expect((await read(`${revisions}/2`)).published_at).toMatch(/Z$/);
    await act(404, `${revisions}/3/publish`);
    await act(422, `${revisions}/0/publish`);
  });

  it('needs a second person where the settings say so', async () => {
    const { id } = await install();
    const { accessToken: ada } = await join(running, 'ada@example.com', 'owner');
    const { accessToken: bob } = await join(running, 'bob@example.com', 'admin');
    await ask(200, 'PATCH', '/settings', { approval_required: true });
    const revisions = `/integrations/${id}/revisions`;
    await ask(201, 'POST', revisions, { token: ada, body: { config: { url: 'https://b.example' } } });
    await ask(200, 'POST', `${revisions}/2/submit`, { token: ada });
    expect((await ask(409, 'POST', `${revisions}/2/publish`, { token: ada })).error.code).toBe(
      'APPROVAL_REQUIRED',
    );
    const { token } = await ask(201, 'POST', '/tokens', {
      token: ada,
      body: { name: 'Mine', scopes: ['admin'] },
    });
    for (const own of [ada, token])
      expect((await ask(409, 'POST', `${revisions}/2/approve`, { token: own })).error.code).toBe(
        'NO_SECOND_PERSON',
      );
    await ask(200, 'POST', `${revisions}/2/approve`, { token: bob });
    await ask(200, 'POST', `${revisions}/2/publish`, { token: ada });
  });
});

describe('a pipeline', () => {
  it('is changed in several ways at once, and switched off and on', async () => {
    const { id } = await install();
    const source = await ask(201, 'POST', '/sources', { name: 'Shop', type: 'web' });
    const made = await ask(201, 'POST', '/pipelines', { source_id: source.id, integration_id: id });
    const path = `/pipelines/${made.id}`;
    await ask(201, 'POST', `/integrations/${id}/revisions`, {});
    await act(200, `/integrations/${id}/revisions/2/publish`);
    expect(await ask(200, 'PATCH', path, { enabled: false, revision: 2 })).toMatchObject({
      enabled: false,
      revision: 2,
    });
    expect(await act(200, `${path}/enable`)).toMatchObject({ enabled: true });
    expect(await act(200, `${path}/disable`)).toMatchObject({ enabled: false });
    for (const body of [{ filter: 'true' }, { parameters: {} }, {}]) await ask(422, 'PATCH', path, body);
  });
});

describe('the rules of consent and the settings', () => {
  it('are read and changed, each change counted', async () => {
    expect(await read('/consent')).toMatchObject({ version: 0, default_policy: 'allow' });
    const changed = await ask(200, 'PATCH', '/consent', { categories: { mine: 'analytics' } });
    expect(changed).toMatchObject({ version: 1, categories: { mine: 'analytics' }, default_policy: 'allow' });
    expect(await read('/consent')).toEqual(changed);
    await ask(422, 'PATCH', '/consent', { default_policy: 'maybe' });
    expect(await ask(200, 'PATCH', '/settings', { requests_per_minute: 1000 })).toMatchObject({ version: 1 });
  });

  it('may ask for a reason with every change', async () => {
    await ask(200, 'PATCH', '/settings', { change_reason_required: true });
    const body = { name: 'Shop', type: 'web' };
    expect((await ask(422, 'POST', '/sources', { body })).error).toMatchObject({
      code: 'REASON_REQUIRED',
      details: [{ path: 'x-change-reason' }],
    });
    await ask(201, 'POST', '/sources', { body, headers: { 'x-change-reason': 'the shop opens' } });
  });
});
