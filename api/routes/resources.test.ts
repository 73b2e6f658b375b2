import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, start } from '../testing/harness.ts';

let running: Running;

beforeEach(async () => {
  running = await start();
});

afterEach(async () => {
  await running.stop();
});

const createSource = async (name: string): Promise<{ id: string }> =>
  (await running.post('/v1/admin/sources', { name, type: 'web' })).json();

const sink = (more: object = {}): object => ({
  vendor: 'webhook',
  name: 'Sink',
  config: { url: 'https://sink.example/in' },
  ...more,
});

describe('creating', () => {
  it('is seen by whoever reads right after', async () => {
    for (let i = 0; i < 20; i++) {
      const { id } = await createSource(`Source ${i}`);
      expect((await running.get(`/v1/admin/sources/${id}`)).statusCode).toBe(200);
    }
  });

  it('lets one of those win who ask for the same name at once', async () => {
    const body = { name: 'Shop', type: 'web' };
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => running.post('/v1/admin/sources', body)),
    );
    expect(responses.map((response) => response.statusCode).toSorted()).toEqual([201, ...Array(9).fill(409)]);
    expect(responses.find((response) => response.statusCode === 409)?.json().error).toMatchObject({
      code: 'NAME_TAKEN',
      details: [{ path: 'name', code: 'NAME_TAKEN' }],
    });
  });

  it('keeps what people write as they wrote it', async () => {
    const name = `'; DROP TABLE x;-- =HYPERLINK("x") <script>alert(1)</script> $& {} Größe 🎉`;
    const { id } = await createSource(name);
    expect((await running.get(`/v1/admin/sources/${id}`)).json().name).toBe(name);
    running = await running.restart();
    expect((await running.get(`/v1/admin/sources/${id}`)).json().name).toBe(name);
  });
});

describe('an integration', () => {
  it("takes the vendor's first variant and usual consent categories where none are named", async () => {
    const response = await running.post('/v1/admin/integrations', sink());
    expect(response.json()).toMatchObject({
      variant: 'default',
      secrets: {},
      consent_categories: ['analytics'],
    });
  });

  it('may need no consent, if that is said', async () => {
    const response = await running.post('/v1/admin/integrations', sink({ consent_categories: [] }));
    expect(response.json().consent_categories).toEqual([]);
  });

  it.each([
    ['an unknown vendor', sink({ vendor: '__proto__' }), ['vendor UNKNOWN_VENDOR']],
    ['an unknown variant', sink({ variant: 'space' }), ['variant UNKNOWN_VARIANT']],
    [
      'settings at fault',
      sink({ config: { color: 1, url: 'nowhere', timeout_ms: 1.5, authentication: 'bearer' } }),
      [
        'config.auth_token MISSING_SETTING',
        'config.color UNKNOWN_SETTING',
        'config.timeout_ms INVALID_SETTING',
        'config.url INVALID_SETTING',
      ],
    ],
    ['a secret that is no text', sink({ config: { auth_token: 5 } }), ['config.auth_token INVALID_SETTING']],
    [
      'a category at fault',
      sink({ consent_categories: ['a b'] }),
      ['consent_categories INVALID_CONSENT_CATEGORY'],
    ],
  ])('is refused with %s, each field by its path', async (_, body, expected) => {
    const response = await running.post('/v1/admin/integrations', body);
    expect(response.statusCode).toBe(422);
    const details: { path: string; code: string }[] = response.json().error.details;
    expect(details.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual(expected);
  });

  it('has its secrets nowhere in clear: not in an answer, not in the log, not in what was logged', async () => {
    const secret = 'plain-text-of-the-secret';
    const config = { url: 'https://sink.example/in', authentication: 'bearer', auth_token: secret };
    const created = await running.post('/v1/admin/integrations', sink({ config }));
    const refused = await running.post('/v1/admin/integrations', sink({ config }));
    expect([created.statusCode, refused.statusCode]).toEqual([201, 409]);
    const answers = [created, refused];
    for (const url of ['integrations', `integrations/${created.json().id}`, 'config/events'])
      answers.push(await running.get(`/v1/admin/${url}`));
    for (const answer of answers) expect(answer.body).not.toContain(secret);
    expect(running.logged.join()).not.toContain(secret);

    const integration = running.projection.current.integrations.get(created.json().id);
    const sealed = integration?.secrets.get('auth_token') ?? '';
    expect(await running.vault.open(sealed)).toBe(secret);
    const { directory } = running;
    await running.stop({ keep: true });
    for (const file of await readdir(directory, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain(secret);
    running = await start({ directory });
    expect(await running.vault.open(sealed)).toBe(secret);
  });
});

describe('an integration that is refused', () => {
  it('leaves no secret that could be opened', async () => {
    await running.post('/v1/admin/integrations', sink());
    const config = { url: 'https://sink.example/in', authentication: 'bearer', auth_token: 'a-secret' };
    expect((await running.post('/v1/admin/integrations', sink({ config }))).statusCode).toBe(409);
    const keys: [string | undefined, boolean][] = [];
    for await (const records of running.log.read({ topic: 'secret-keys', partition: 0, from: 0 }))
      for (const { key, value } of records) keys.push([key?.toString(), value !== null]);
    const [sealed, destroyed] = keys;
    expect(keys).toEqual([
      [sealed?.[0], true],
      [sealed?.[0], false],
    ]);
    expect(destroyed?.[0]).toMatch(/^sec_/);
  });
});

describe('a pipeline', () => {
  it.each([
    [
      'a source there is not',
      { source_id: 'src_x', integration_id: 'int_x' },
      422,
      'source_id UNKNOWN_SOURCE',
    ],
    [
      'what is not built yet',
      { source_id: 's', integration_id: 'i', filter: 'x' },
      422,
      'filter UNKNOWN_FIELD',
    ],
    [
      'a revision that is no number',
      { source_id: 's', integration_id: 'i', revision: '1' },
      422,
      'revision INVALID',
    ],
  ])('is refused with %s', async (_, body, status, expected) => {
    const response = await running.post('/v1/admin/pipelines', body);
    expect(response.statusCode).toBe(status);
    const [{ path, code }] = response.json().error.details;
    expect(`${path} ${code}`).toBe(expected);
  });
});

describe('a list', () => {
  it('comes page by page, in order of creation, each item once', async () => {
    const names = Array.from({ length: 15 }, (_, i) => `Source ${i}`);
    for (const name of names) await createSource(name);
    const seen: string[] = [];
    let pages = 0;
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = (await running.get(`/v1/admin/sources?limit=5${after}`)).json();
      expect(page.has_more).toBe(page.next_cursor !== null);
      seen.push(...page.data.map((source: { name: string }) => source.name));
      cursor = page.next_cursor;
      pages++;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(seen).toEqual(names);
  });
});

describe('the catalog', () => {
  it('says what can be installed and what it needs', async () => {
    const { data } = (await running.get('/v1/admin/integration-catalog')).json();
    const webhook = data.find((vendor: { key: string }) => vendor.key === 'webhook');
    expect(webhook).toMatchObject({ name: expect.any(String), variants: [{ key: 'default' }] });
    expect(webhook.config_fields).toContainEqual(
      expect.objectContaining({ key: 'url', type: 'url', required: true, help_text: expect.any(String) }),
    );
  });
});

describe('the audit trail', () => {
  it('says who changed what, when and why', async () => {
    const before = Date.now();
    const created = await running.api.inject({
      method: 'POST',
      url: '/v1/admin/sources',
      payload: { name: 'Shop', type: 'web' },
      headers: {
        authorization: 'Bearer sat_the-token-of-these-tests',
        'x-change-reason': 'the shop opens',
      },
    });
    const { data } = (await running.get('/v1/admin/config/events')).json();
    expect(data).toMatchObject([
      { sequence: 1, type: 'token.created', actor: { kind: 'system' }, payload: { scopes: ['admin'] } },
      {
        sequence: 2,
        type: 'source.created',
        actor: { kind: 'token', id: data[0].resource_id, ip: '127.0.0.1' },
        reason: 'the shop opens',
        resource_id: created.json().id,
        resource_version: 1,
        payload: { source_id: created.json().id, name: 'Shop', pipeline_key: created.json().pipeline_key },
      },
    ]);
    expect(Date.parse(data[1].time)).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(data[0])).not.toMatch(/[0-9a-f]{64}/);
  });

  it('comes page by page', async () => {
    for (let i = 0; i < 4; i++) await createSource(`Source ${i}`);
    const first = (await running.get('/v1/admin/config/events?limit=3')).json();
    const second = (await running.get(`/v1/admin/config/events?limit=3&cursor=${first.next_cursor}`)).json();
    const sequences = [...first.data, ...second.data].map((event: { sequence: number }) => event.sequence);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect([first.has_more, second.has_more, second.next_cursor]).toEqual([true, false, null]);
  });
});

describe('a restart', () => {
  it('changes nothing of what was created', async () => {
    const source = await createSource('Shop');
    const lists = ['sources', 'integrations', 'pipelines', 'config/events'];
    await running.post('/v1/admin/integrations', sink());
    const before = await Promise.all(lists.map((list) => running.get(`/v1/admin/${list}`)));
    running = await running.restart();
    const after = await Promise.all(lists.map((list) => running.get(`/v1/admin/${list}`)));
    expect(after.map((response) => response.json())).toEqual(before.map((response) => response.json()));
    const again = await running.post('/v1/admin/sources', { name: 'Shop', type: 'web' });
    expect(again.json().error).toMatchObject({
      code: 'NAME_TAKEN',
      message: expect.stringContaining(source.id),
    });
  });
});
