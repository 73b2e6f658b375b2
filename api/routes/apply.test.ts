import { readdir, readFile } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, start } from '../testing/harness.ts';
import { join } from '../testing/people.ts';
import { type SendOptions, send } from '../testing/send.ts';

let running: Running;

beforeEach(async () => {
  running = await start();
});

afterEach(() => running.stop());

const SECRET = 'plain-text-of-the-secret';
const FILE = {
  version: 1,
  sources: [
    { name: 'Shop', type: 'web', rate_limit_rps: 100 },
    { name: 'App', type: 'app' },
  ],
  integrations: [
    {
      name: 'Sink',
      vendor: 'webhook',
      settings: { url: 'https://sink.example/in', authentication: 'bearer' },
      secrets: { auth_token: SECRET },
      consent_categories: ['analytics'],
    },
  ],
  pipelines: [
    { source: 'Shop', integration: 'Sink', revision: 'latest' },
    { source: 'App', integration: 'Sink', enabled: false },
  ],
  consent: { default_policy: 'strip' },
  settings: { requests_per_minute: 900 },
};

const sink = (changes: object) => [{ ...FILE.integrations[0], ...changes }];

const ask = (path: string, body: object, options: SendOptions = {}): Promise<LightMyRequestResponse> =>
  send(running, 'POST', path, { body, ...options });
const plan = (body: object, options?: SendOptions) => ask('/apply?plan=true', body, options);
const apply = (body: object, options?: SendOptions) => ask('/apply', body, options);

/** The answer of a request that must succeed. */
async function done(request: Promise<LightMyRequestResponse>): Promise<ReturnType<typeof JSON.parse>> {
  const response = await request;
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
}

/** What is at fault, path and code, in a request that must be refused. */
async function faults(
  request: Promise<LightMyRequestResponse>,
  status = 422,
): Promise<readonly (readonly [string, string])[]> {
  const response = await request;
  expect(response.statusCode, response.body).toBe(status);
  const { details } = response.json().error;
  return details.map(({ path, code }: { path: string; code: string }) => [path, code]);
}

const summary = (answer: { changes: { action: string; kind: string; name: string }[] }): string[] =>
  answer.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

const state = async (): Promise<ReturnType<typeof JSON.parse>> => done(send(running, 'GET', '/config/state'));

const typesSince = async (version: number): Promise<string[]> => {
  const { data } = await done(send(running, 'GET', '/config/events?limit=100'));
  return data
    .filter((event: { sequence: number }) => event.sequence > version)
    .map((event: { type: string }) => event.type);
};

async function dataHolds(text: string): Promise<boolean> {
  const files = await readdir(running.directory, { recursive: true, withFileTypes: true });
  const contents = files
    .filter((file) => file.isFile())
    .map((file) => readFile(joinPath(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(contents)).some((content) => content.includes(text));
}

describe('applying a configuration', () => {
  it('makes what is not there, as ordinary events of one command', async () => {
    const { version } = running.projection;
    const answer = await done(apply(FILE, { headers: { 'x-change-reason': 'Opening' } }));
    expect(answer.applied).toBe(true);
    expect(summary(answer)).toEqual([
      'create source Shop',
      'create source App',
      'create integration Sink',
      'create pipeline Shop → Sink',
      'create pipeline App → Sink',
      'update consent consent',
      'update settings settings',
    ]);
    expect(await typesSince(version)).toEqual([
      'source.created',
      'source.updated',
      'source.created',
      'integration.installed',
      'pipeline.created',
      'pipeline.created',
      'consent.updated',
      'settings.updated',
    ]);
    const events = running.projection.eventsBetween(version + 1, running.projection.version + 1);
    expect(new Set(events.map(({ commandId }) => commandId)).size).toBe(1);
    for (const event of events)
      expect(event).toMatchObject({ reason: 'Opening', actor: { kind: 'token', ip: '127.0.0.1' } });
    expect(answer.version).toBe(running.projection.version);
    const { data } = await done(send(running, 'GET', '/sources'));
    expect(data[0]).toMatchObject({ name: 'Shop', rate_limit_rps: 100, id: answer.changes[0].id });
  });

  it('a second time changes nothing, and neither does what is exported', async () => {
    await apply(FILE);
    const { version } = running.projection;
    for (const file of [FILE, await state(), { ...(await state()), prune: true }]) {
      expect(await done(plan(file))).toMatchObject({ applied: false, version, changes: [] });
      expect(await done(apply(file))).toMatchObject({ applied: true, version, changes: [] });
    }
    expect(running.projection.version).toBe(version);
    const headers = { 'idempotency-key': 'again' };
    expect(await done(apply(FILE, { headers }))).toMatchObject({ version, changes: [] });
  });

  it('is all or nothing: one fault, and nothing is there', async () => {
    const { version } = running.projection;
    const file = { ...FILE, pipelines: [...FILE.pipelines, { source: 'Shop', integration: 'Nowhere' }] };
    expect(await faults(apply(file))).toEqual([['pipelines[2].integration', 'UNKNOWN_INTEGRATION']]);
    expect(await faults(plan(file))).toEqual([['pipelines[2].integration', 'UNKNOWN_INTEGRATION']]);
    expect(running.projection.version).toBe(version);
  });

  it('touches no section and no field that is left out, and no case of a name', async () => {
    await apply(FILE);
    const before = await state();
    const answer = await done(apply({ version: 1, sources: [{ name: 'SHOP', type: 'web' }] }));
    expect(answer.changes).toMatchObject([
      { action: 'update', path: 'sources[0]', fields: [{ path: 'name', before: 'Shop', after: 'SHOP' }] },
    ]);
    expect(answer.not_in_file).toMatchObject([{ kind: 'source', name: 'App' }]);
    const after = await state();
    expect(after).toMatchObject({ integrations: before.integrations, consent: before.consent });
    expect(after.sources[0]).toMatchObject({ name: 'SHOP', rate_limit_rps: 100 });
  });

  it('shows fields before and after, secrets by their fingerprints', async () => {
    await apply(FILE);
    const file = {
      version: 1,
      sources: [{ name: 'Shop', type: 'web', rate_limit_rps: null }],
      integrations: sink({ secrets: { auth_token: `${SECRET}-2` }, paused: true }),
    };
    const answer = await plan(file);
    expect(answer.body).not.toContain(SECRET);
    const { changes } = answer.json();
    expect(changes[0].fields).toEqual([{ path: 'rate_limit_rps', before: 100, after: null }]);
    expect(changes[1].fields).toEqual([
      { path: 'paused', before: false, after: true },
      {
        path: 'secrets.auth_token',
        before: expect.stringMatching(/^fp_/),
        after: expect.stringMatching(/^fp_/),
      },
    ]);
    expect(await done(apply(file))).toMatchObject({ changes });
  });

  it('is refused where it was planned from another version than there is', async () => {
    const { version } = (await plan(FILE)).json();
    await apply({ version: 1, sources: [{ name: 'Another', type: 'web' }] });
    const headers = { 'if-match': `"${version}"` };
    const refused = await apply(FILE, { headers });
    expect([refused.statusCode, refused.json().error]).toMatchObject([
      409,
      { code: 'CONFIG_MOVED', details: [{ path: 'if-match', current_version: version + 1 }] },
    ]);
    expect(await faults(apply(FILE, { headers: { 'if-match': '"999"' } }), 409)).toEqual([
      ['if-match', 'CONFIG_MOVED'],
    ]);
    expect(await faults(plan(FILE, { headers }), 409)).toEqual([['if-match', 'CONFIG_MOVED']]);
    const fresh = await plan(FILE);
    expect((await apply(FILE, { headers: { 'if-match': String(fresh.headers.etag) } })).statusCode).toBe(200);
  });

  it('is planned again where somebody else was faster, and loses nothing of theirs', async () => {
    const files = Array.from({ length: 5 }, (_, index) => ({
      version: 1,
      sources: [{ name: `Source ${index}`, type: 'web' }],
    }));
    const answers = await Promise.all(files.map((file) => apply(file)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(5).fill(200));
    expect((await state()).sources).toHaveLength(5);
    const same = await Promise.all(Array.from({ length: 4 }, () => apply(FILE)));
    expect(same.map(({ statusCode }) => statusCode)).toEqual(Array(4).fill(200));
    expect(same.filter((each) => each.json().changes.length > 0)).toHaveLength(1);
  });

  it('answers a repeated request as the first time', async () => {
    const headers = { 'idempotency-key': 'apply-1' };
    const first = await done(apply(FILE, { headers }));
    await apply({ version: 1, settings: { requests_per_minute: 50_000 } });
    const { version } = running.projection;
    const again = await done(apply(FILE, { headers }));
    expect([again.version, summary(again)]).toEqual([first.version, summary(first)]);
    expect(again.changes).toEqual(first.changes);
    expect(running.projection.version).toBe(version);
  });
});

describe('what the file does not list', () => {
  const less = { version: 1, sources: FILE.sources.slice(0, 1), pipelines: FILE.pipelines.slice(0, 1) };

  it('stays, and is named', async () => {
    await apply(FILE);
    const answer = await done(apply(less));
    expect(answer.changes).toEqual([]);
    expect(answer.not_in_file).toMatchObject([
      { kind: 'pipeline', name: 'App → Sink' },
      { kind: 'source', name: 'App' },
    ]);
  });

  it('is deleted to prune, what is used after what uses it; sections left out stay', async () => {
    await apply(FILE);
    const answer = await done(apply({ ...less, prune: true }));
    expect(summary(answer)).toEqual(['delete pipeline App → Sink', 'delete source App']);
    expect([answer.changes[1].path, answer.not_in_file]).toEqual(['sources', []]);
    const after = await state();
    expect([after.sources.length, after.pipelines.length, after.integrations.length]).toEqual([1, 1, 1]);
  });

  it('is not deleted while something uses it', async () => {
    await apply(FILE);
    const file = { version: 1, prune: true, sources: FILE.sources.slice(0, 1) };
    expect(await faults(apply(file))).toEqual([['sources', 'IN_USE']]);
    expect((await state()).sources).toHaveLength(2);
  });

  it('has its secrets destroyed with it', async () => {
    await apply(FILE);
    const sealed = [...running.projection.current.integrations.values()][0]?.secrets.get('auth_token') ?? '';
    await done(apply({ version: 1, prune: true, integrations: [], pipelines: [] }));
    await expect(running.vault.open(sealed)).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
  });
});

describe('an integration of the file', () => {
  it('is published anew, and pipelines that follow the latest revision use it', async () => {
    await apply(FILE);
    const settings = { url: 'https://sink.example/v2', authentication: 'bearer' };
    const answer = await done(apply({ ...FILE, integrations: sink({ settings }) }));
    expect(summary(answer)).toEqual(['update integration Sink', 'update pipeline Shop → Sink']);
    expect(answer.changes[0].fields).toEqual([
      { path: 'revision', before: 1, after: 2 },
      { path: 'settings.url', before: 'https://sink.example/in', after: 'https://sink.example/v2' },
    ]);
    expect(answer.changes[1].fields).toEqual([{ path: 'revision', before: 1, after: 2 }]);
    expect(answer.notices).toEqual([
      { path: 'pipelines[1]', message: expect.stringContaining('stays at revision 1 of 2') },
    ]);
    expect((await state()).pipelines.map((each: { revision: unknown }) => each.revision)).toEqual([
      'latest',
      1,
    ]);
  });

  it('is submitted where a second person must approve, once, and published when they have', async () => {
    const owner = await join(running, 'owner@example.com', 'owner');
    const token = owner.accessToken;
    await apply({ ...FILE, settings: { approval_required: true } });
    const settings = { url: 'https://sink.example/v2', authentication: 'bearer' };
    const file = { version: 1, integrations: sink({ settings }), pipelines: FILE.pipelines };
    const answer = await done(apply(file, { token }));
    expect(answer.changes).toMatchObject([{ action: 'update', kind: 'integration' }]);
    expect(answer.changes[0].fields).toContainEqual({
      path: 'waiting.status',
      before: null,
      after: 'submitted',
    });
    expect(answer.notices[0].message).toContain('revision 2 is submitted');
    expect((await state()).integrations[0].settings.url).toBe('https://sink.example/in');

    const again = await done(apply(file, { token }));
    expect([again.changes, again.notices[0].message]).toEqual([
      [],
      expect.stringContaining('revision 2 waits'),
    ]);

    const admin = await join(running, 'admin@example.com', 'admin');
    const [id] = [...running.projection.current.integrations.values()].map((each) => each.id);
    const approval = await send(running, 'POST', `/integrations/${id}/revisions/2/approve`, {
      token: admin.accessToken,
    });
    expect(approval.statusCode, approval.body).toBe(200);
    expect(summary(await done(apply(file, { token })))).toEqual([
      'update integration Sink',
      'update pipeline Shop → Sink',
    ]);
    expect((await state()).integrations[0].settings.url).toBe('https://sink.example/v2');
  });

  it('keeps its secret off the disk, and seals nothing for a plan or a refusal', async () => {
    await plan(FILE);
    await apply({ ...FILE, pipelines: [{ source: 'Nowhere', integration: 'Sink' }] });
    expect(await dataHolds('sec_')).toBe(false);
    await apply(FILE);
    expect(await dataHolds('sec_')).toBe(true);
    expect(await dataHolds(SECRET)).toBe(false);
    const [integration] = [...running.projection.current.integrations.values()];
    expect(await running.vault.open(integration?.secrets.get('auth_token') ?? '')).toBe(SECRET);
  });

  it('takes a secret by the fingerprint of the one that is there, and of no other', async () => {
    await apply(FILE);
    const { secrets } = (await state()).integrations[0];
    expect((await done(apply({ ...FILE, integrations: sink({ secrets }) }))).changes).toEqual([]);
    const other = sink({ secrets: { auth_token: { fingerprint: 'fp_0000000000000000' } } });
    expect(await faults(apply({ ...FILE, integrations: other }))).toEqual([
      ['integrations[0].secrets.auth_token', 'UNKNOWN_SECRET'],
    ]);
  });
});

describe('a source of the file', () => {
  const source = (changes: object) => ({ version: 1, sources: [{ name: 'Shop', type: 'web', ...changes }] });

  it('has all its settings from there', async () => {
    const settings = {
      allowed_origins: ['https://shop.example'],
      truncate_ip: true,
      require_signature: true,
      vendor_cookies: ['_ga'],
      collector: { script_filename: 'shop', batch_size: 20, modules: ['scroll'] },
    };
    const hook = { name: 'Payments', type: 'webhook', webhook: { provider: 'stripe' } };
    const file = { version: 1, sources: [...source(settings).sources, hook] };
    expect(summary(await done(apply(file)))).toEqual(['create source Shop', 'create source Payments']);
    const [shop, payments] = (await state()).sources;
    expect(shop).toMatchObject({ ...settings, collector: { flush_interval: 1000 } });
    expect(payments.webhook).toMatchObject({ provider: 'stripe', mappings: {} });
    expect((await done(plan(file))).changes).toEqual([]);
    const off = await done(apply(source({ truncate_ip: false, collector: {} })));
    expect(off.changes[0].fields.map(({ path }: { path: string }) => path)).toEqual([
      'collector.batch_size',
      'collector.modules',
      'collector.script_filename',
      'truncate_ip',
    ]);
    expect(await faults(apply(source({ allowed_origins: ['shop.example/'] })))).toEqual([
      ['sources[0].allowed_origins.0', 'INVALID_ORIGIN'],
    ]);
  });

  it('may take what another one, or one that goes, gives up', async () => {
    const named = (name: string, script: string | null) => ({
      name,
      type: 'web',
      collector: { script_filename: script },
    });
    await done(apply({ version: 1, sources: [named('A', 'one'), named('B', 'two')] }));
    await done(apply({ version: 1, sources: [named('B', 'one'), named('A', 'three')] }));
    await done(apply({ version: 1, prune: true, sources: [named('C', 'one')] }));
    expect((await state()).sources).toMatchObject([{ name: 'C', collector: { script_filename: 'one' } }]);
  });

  it('has the signing secrets that are listed, and no other', async () => {
    const [first, second] = ['whsec_first-of-the-secrets', 'whsec_second-of-the-secrets'];
    const live = () => [...running.projection.current.sources.values()][0]?.signingSecrets ?? [];
    await done(apply(source({ signing_secrets: [first] })));
    const [old] = live();
    expect((await done(apply(source({})))).changes).toEqual([]);
    const rotation = await done(apply(source({ signing_secrets: [second, first] })));
    expect(rotation.changes[0].fields).toEqual([
      { path: 'signing_secrets', before: [old?.fingerprint], after: live().map((each) => each.fingerprint) },
    ]);
    expect(await Promise.all(live().map(({ sealed }) => running.vault.open(sealed)))).toEqual([
      second,
      first,
    ]);

    await done(apply(source({ signing_secrets: [second] })));
    expect(live()).toHaveLength(1);
    await expect(running.vault.open(old?.sealed ?? '')).rejects.toMatchObject({ code: 'UNKNOWN_SECRET' });
    expect(await dataHolds(second)).toBe(false);
    expect(await faults(apply(source({ signing_secrets: [{ fingerprint: old?.fingerprint }] })))).toEqual([
      ['sources[0].signing_secrets[0]', 'UNKNOWN_SECRET'],
    ]);
    const [newest] = live();
    await done(apply(source({ signing_secrets: [{ fingerprint: newest?.fingerprint }] })));
    expect(live()).toEqual([newest]);
  });
});

describe('a file that cannot be applied', () => {
  it.each<[string, object, readonly (readonly [string, string])[]]>([
    ['no version', { sources: [] }, [['version', 'REQUIRED']]],
    ['another version', { version: 2 }, [['version', 'INVALID']]],
    ['an unknown section', { version: 1, users: [] }, [['users', 'UNKNOWN_FIELD']]],
    [
      'an unknown field',
      { version: 1, sources: [{ name: 'A', type: 'web', colour: 'red' }] },
      [['sources[0].colour', 'UNKNOWN_FIELD']],
    ],
    [
      'one thing twice',
      {
        version: 1,
        sources: [
          { name: 'A', type: 'web' },
          { name: 'a', type: 'web' },
        ],
      },
      [['sources[1]', 'DUPLICATE']],
    ],
    [
      'several faults at once',
      {
        version: 1,
        sources: [
          { name: ' A', type: 'web' },
          { name: 'B\u202e', type: 'web' },
        ],
      },
      [
        ['sources[0].name', 'INVALID_NAME'],
        ['sources[1].name', 'INVALID_NAME'],
      ],
    ],
    [
      'an unknown vendor',
      { version: 1, integrations: [{ name: 'A', vendor: 'acme' }] },
      [['integrations[0].vendor', 'UNKNOWN_VENDOR']],
    ],
    [
      'settings that are wrong, secrets among them',
      {
        version: 1,
        integrations: [
          {
            name: 'A',
            vendor: 'webhook',
            settings: { url: 'nowhere', authentication: 'bearer', hmac_secret: 'open', colour: 'red' },
            secrets: { basic_username: 'not secret' },
          },
        ],
      },
      [
        ['integrations[0].settings.colour', 'UNKNOWN_SETTING'],
        ['integrations[0].settings.url', 'INVALID_SETTING'],
        ['integrations[0].secrets.auth_token', 'MISSING_SETTING'],
        ['integrations[0].settings.basic_username', 'MISPLACED_SECRET'],
        ['integrations[0].secrets.hmac_secret', 'MISPLACED_SECRET'],
      ],
    ],
    [
      'a pipeline from nowhere',
      { version: 1, pipelines: [{ source: 'A', integration: 'B' }] },
      [
        ['pipelines[0].source', 'UNKNOWN_SOURCE'],
        ['pipelines[0].integration', 'UNKNOWN_INTEGRATION'],
      ],
    ],
    [
      'a revision there is not',
      { ...FILE, pipelines: [{ source: 'Shop', integration: 'Sink', revision: 7 }] },
      [['pipelines[0].revision', 'UNKNOWN_REVISION']],
    ],
    [
      'rules of consent that are wrong',
      { version: 1, consent: { categories: { a: 'b c' } } },
      [['consent.categories', 'INVALID_CONSENT_CATEGORY']],
    ],
  ])('has %s', async (_, file, expected) => {
    const { version } = running.projection;
    expect(await faults(apply(file))).toEqual(expected);
    expect(await faults(plan(file))).toEqual(expected);
    expect(running.projection.version).toBe(version);
  });

  it('makes another thing of one that is there', async () => {
    await apply(FILE);
    expect(await faults(apply({ version: 1, sources: [{ name: 'Shop', type: 'app' }] }))).toEqual([
      ['sources[0].type', 'IMMUTABLE'],
    ]);
    expect(
      await faults(apply({ version: 1, integrations: [{ name: 'sink', vendor: 'dreamdata' }] })),
    ).toEqual([['integrations[0].vendor', 'IMMUTABLE']]);
  });

  it('does not say why, where changes must', async () => {
    await apply({ version: 1, settings: { change_reason_required: true } });
    expect((await plan(FILE)).statusCode).toBe(200);
    expect(await faults(apply(FILE))).toEqual([['x-change-reason', 'REASON_REQUIRED']]);
    expect((await apply(FILE, { headers: { 'x-change-reason': 'Because' } })).statusCode).toBe(200);
  });

  it('would change more than can be written at once', async () => {
    const sources = Array.from({ length: 501 }, (_, i) => ({
      name: `S${i}`,
      type: 'web',
      rate_limit_rps: 1,
    }));
    for (const refused of [await plan({ version: 1, sources }), await apply({ version: 1, sources })])
      expect([refused.statusCode, refused.json().error.code]).toEqual([422, 'TOO_MANY_CHANGES']);
    expect((await plan({ version: 1, sources: sources.slice(1) })).statusCode).toBe(200);
  });

  it('is too large, and says how large it may be', async () => {
    const response = await apply({ version: 1, sources: [{ name: 'x'.repeat(512 * 1024), type: 'web' }] });
    expect([response.statusCode, response.json().error.message]).toEqual([
      413,
      expect.stringContaining('524288'),
    ]);
  });
});
