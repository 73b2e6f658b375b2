import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, start } from '../testing/harness.ts';
import type { Method } from '../testing/people.ts';
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
  options: SendOptions = {},
): Promise<ReturnType<typeof JSON.parse>> {
  const response = await send(running, method, path, options);
  expect(response.statusCode, `${method} ${path}: ${response.body}`).toBe(status);
  return response.body === '' ? undefined : response.json();
}

const create = (body: object = {}, status = 201) =>
  ask(status, 'POST', '/sources', { body: { name: 'Shop', type: 'web', ...body } });
const patch = (id: string, body: object, status = 200) => ask(status, 'PATCH', `/sources/${id}`, { body });

const STRIPE = {
  type: 'webhook',
  webhook: {
    provider: 'stripe',
    event_type_path: '$.type',
    mappings: { userId: '$.data.object.customer', 'properties.amountPaid': '$.data.object.amount' },
  },
};

const SETTINGS = {
  allowed_origins: ['https://shop.example', 'https://*.shop.example'],
  truncate_ip: true,
  require_signature: true,
  vendor_cookies: ['_ga', '_fbc'],
  collector: {
    script_filename: 'shop',
    batch_size: 20,
    flush_interval: 500,
    modules: ['downloads', 'web_vitals'],
    consent: {
      platform: 'custom',
      queue_until_known: true,
      custom: {
        store: 'local_storage',
        name: 'consent',
        format: 'json',
        rules: { analytics: { field: 'stats', granted: 'yes' } },
      },
    },
    linked_domains: ['shop.example.org'],
  },
};

describe('how a source collects', () => {
  it('is off in every respect unless it is said', async () => {
    expect(await create()).toMatchObject({
      allowed_origins: [],
      truncate_ip: false,
      require_signature: false,
      vendor_cookies: [],
      webhook: null,
      webhook_path: null,
      signing_secrets: [],
      collector: {
        script_filename: null,
        batch_size: 10,
        flush_interval: 1000,
        modules: [],
        consent: null,
        linked_domains: [],
      },
    });
  });

  it('is given with the source, shown in full, and changed in parts', async () => {
    const { id } = await create(SETTINGS);
    expect(await ask(200, 'GET', `/sources/${id}`)).toMatchObject(SETTINGS);
    const changed = await patch(id, { truncate_ip: false, collector: { modules: ['forms'] } });
    expect(changed).toMatchObject({
      ...SETTINGS,
      truncate_ip: false,
      collector: { script_filename: null, batch_size: 10, modules: ['forms'], consent: null },
      version: 2,
    });
    expect((await patch(id, { truncate_ip: false })).version).toBe(2);
    expect((await patch(id, SETTINGS)).version).toBe(3);
    expect((await patch(id, SETTINGS)).version).toBe(3);
  });

  it('of a webhook source says where its provider sends to', async () => {
    const source = await create(STRIPE);
    expect(source).toMatchObject({
      type: 'webhook',
      webhook: { ...STRIPE.webhook, signature_header: null },
      webhook_path: `/v1/webhook?source=${source.id}`,
    });
  });

  it.each([
    [
      'an origin with a path',
      { allowed_origins: ['https://a.example', 'https://a.example/x'] },
      'INVALID_ORIGIN',
      'allowed_origins.1',
    ],
    [
      'a script of the gateway',
      { collector: { script_filename: 'd' } },
      'INVALID_SCRIPT_FILENAME',
      'collector.script_filename',
    ],
    [
      'a domain with a scheme',
      { collector: { linked_domains: ['https://a.example'] } },
      'INVALID_DOMAIN',
      'collector.linked_domains.0',
    ],
    ['a webhook on a web source', { webhook: STRIPE.webhook }, 'INVALID_WEBHOOK', 'webhook'],
    ['a webhook source without a provider', { type: 'webhook' }, 'INVALID_WEBHOOK', 'webhook'],
    [
      'a mapping to nowhere',
      { ...STRIPE, webhook: { provider: 'stripe', mappings: { 'anyThing.x': '$.a' } } },
      'INVALID_MAPPING',
      'webhook.mappings.anyThing.x',
    ],
    [
      'a path that is none',
      { ...STRIPE, webhook: { provider: 'stripe', event_type_path: '$.[' } },
      'INVALID_JSON_PATH',
      'webhook.event_type_path',
    ],
    ['a cookie there is not', { vendor_cookies: ['_ga', '_nope'] }, 'INVALID', 'vendor_cookies.1'],
    [
      'a consent platform there is not',
      { collector: { consent: { platform: 'x' } } },
      'INVALID',
      'collector.consent.platform',
    ],
    [
      'a field there is not',
      { collector: { scriptFilename: 'shop' } },
      'UNKNOWN_FIELD',
      'collector.scriptFilename',
    ],
  ])('is refused for %s, by code and field', async (_, body, code, path) => {
    const { error } = await create(body, 422);
    expect(error.details).toContainEqual(expect.objectContaining({ code, path }));
  });

  it('is told to auditors field by field, in the words of the API and in those of the mappings', async () => {
    const { id } = await create(STRIPE);
    await patch(id, { webhook: { ...STRIPE.webhook, mappings: { userId: '$.user' } }, truncate_ip: true });
    const { data } = await ask(200, 'GET', `/config/events?resource_id=${id}`);
    expect(data.at(-1).changes).toEqual([
      { path: 'truncate_ip', before: false, after: true },
      { path: 'webhook.mappings.properties.amountPaid', before: '$.data.object.amount', after: null },
      { path: 'webhook.mappings.userId', before: '$.data.object.customer', after: '$.user' },
    ]);
  });
});

it('is what docs/collection.md says', async () => {
  const page = await readFile(new URL('../../docs/collection.md', import.meta.url), 'utf8');
  const samples = [...page.matchAll(/```http\n(POST) \/v1\/admin(\S+)\n\n([^`]+)```/g)];
  expect(samples.length).toBeGreaterThanOrEqual(2);
  for (const [, , path = '', text = ''] of samples) {
    const body = JSON.parse(text);
    expect(await ask(201, 'POST', path, { body })).toMatchObject(body);
  }
});

describe('the script of a source', () => {
  const read = (id: string, query = '') => ask(200, 'GET', `/sources/${id}/collector${query}`);

  it('is told with its addresses, its hash and its size, and how a page loads it', async () => {
    const { id, pipeline_key: key } = await create(SETTINGS);
    const at = '?gateway=https://events.shop.example';
    const shown = await read(id, at);
    expect(shown).toEqual({
      script_url: 'https://events.shop.example/shop.js',
      versioned_url: `https://events.shop.example/d/0123.js?k=${key}`,
      integrity: 'sha384-x',
      snippet: [
        '<script>window._df = window._df || [];</script>',
        `<script async src="https://events.shop.example/shop.js" data-pipeline-key="${key}"></script>`,
      ].join('\n'),
      bytes: '/* downloads web_vitals */'.length,
      gzip_bytes: expect.any(Number),
    });
  });

  it('is found by the key where it has no name, at the own host where no other is said', async () => {
    const { id, pipeline_key: key } = await create();
    expect((await read(id)).script_url).toBe(`/d.js?k=${key}`);
  });

  it.each(['javascript:alert(1)', 'https://a.example/"><script>', 'https://a.example/', 'null'])(
    'is not told for the gateway %s',
    async (gateway) => {
      const { id } = await create();
      await ask(422, 'GET', `/sources/${id}/collector?gateway=${encodeURIComponent(gateway)}`);
    },
  );
});

async function dataHolds(text: string): Promise<boolean> {
  const files = await readdir(running.directory, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(texts)).some((content) => content.includes(text));
}

const sealed = (id: string): readonly string[] =>
  running.projection.current.sources.get(id)?.signingSecrets.map((secret) => secret.sealed) ?? [];

const GIVEN = 'whsec_0123456789abcdef';

describe('the signing secrets of a source', () => {
  it('are shown once, then by fingerprint; two are live during a rotation, and a revoked one is shredded', async () => {
    const { id } = await create({ type: 'server' });
    const path = `/sources/${id}/signing-secret`;
    const old = await ask(201, 'POST', path);
    expect(old.secret).toMatch(/^sk_[\w-]{43}$/);
    const next = await ask(201, 'POST', path);
    expect((await ask(409, 'POST', path)).error).toMatchObject({
      code: 'SECRET_ROTATION_UNFINISHED',
      message: expect.stringContaining(old.fingerprint),
    });
    const { signing_secrets: shown } = await ask(200, 'GET', `/sources/${id}`);
    expect(shown).toEqual([next, old].map(({ secret, ...rest }) => rest));

    const [newest, oldest] = sealed(id);
    expect(await running.vault.open(newest ?? '')).toBe(next.secret);
    await ask(204, 'DELETE', `${path}/${old.fingerprint}`);
    await expect(running.vault.open(oldest ?? '')).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
    await ask(422, 'DELETE', `${path}/${old.fingerprint}`);
    await ask(204, 'DELETE', `/sources/${id}`);
    await expect(running.vault.open(newest ?? '')).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
    for (const { secret } of [old, next]) expect(await dataHolds(secret)).toBe(false);
  });

  it('of a provider are given, and given again without effect', async () => {
    const { id } = await create(STRIPE);
    const path = `/sources/${id}/signing-secret`;
    const { signing_secrets: first } = await ask(200, 'PUT', path, { body: { secret: GIVEN } });
    expect(first).toHaveLength(1);
    expect(await running.vault.open(sealed(id)[0] ?? '')).toBe(GIVEN);
    const again = await ask(200, 'PUT', path, { body: { secret: GIVEN } });
    expect(again).toMatchObject({ signing_secrets: first, version: 2 });
    expect(await running.vault.open(sealed(id)[0] ?? '')).toBe(GIVEN);
    expect(await dataHolds(GIVEN)).toBe(false);
  });

  it('cannot be shown again by asking the same again', async () => {
    const { id } = await create({ type: 'server' });
    const options = { headers: { 'idempotency-key': 'once' } };
    await ask(201, 'POST', `/sources/${id}/signing-secret`, options);
    const { error } = await ask(409, 'POST', `/sources/${id}/signing-secret`, options);
    expect(error.code).toBe('ALREADY_ANSWERED');
    expect(await running.vault.open(sealed(id)[0] ?? '')).toMatch(/^sk_/);
  });

  it('enter no log and no audit trail in clear, and are refused when they are too short', async () => {
    const { id } = await create(STRIPE);
    for (const secret of ['short', 'has a blank in it !!', 5])
      await ask(422, 'PUT', `/sources/${id}/signing-secret`, { body: { secret } });
    await ask(200, 'PUT', `/sources/${id}/signing-secret`, { body: { secret: GIVEN } });
    const { data } = await ask(200, 'GET', `/config/events?resource_id=${id}`);
    expect(data.at(-1)).toMatchObject({ type: 'source.signing_secret_added' });
    expect(JSON.stringify(data)).not.toMatch(/whsec|v1\.sec/);
    expect(running.logged.join('\n')).not.toContain(GIVEN);
  });

  it('of a source there is not are not made', async () => {
    await ask(404, 'POST', '/sources/src_nothing/signing-secret');
    await ask(404, 'DELETE', '/sources/src_nothing/signing-secret/fp_1');
    const live: unknown[] = [];
    for await (const records of running.log.read({ topic: 'secret-keys', partition: 0, from: 0 }))
      live.push(...records);
    expect(live).toEqual([]);
  });
});
