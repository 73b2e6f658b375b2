import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES } from '../../cli/run/roles.ts';
import { type RunningSignal, startSignal } from '../../cli/run/start.ts';
import { readSettings } from '../../cli/settings.ts';
import { waitFor } from '../support/wait-for.ts';

const ADMIN_TOKEN = 'sat_admin-token-nobody-must-find';
const VENDOR_TOKEN = 'vendor-token-nobody-must-find';
const PASSWORD = 'a passphrase nobody must find';

const dataDir = mkdtempSync(join(tmpdir(), 'signal-secrets-'));
const logged: string[] = [];
/** `Authorization` headers that the vendor got. */
const presented: (string | undefined)[] = [];
let vendor: Server;
let signal: RunningSignal;

beforeAll(async () => {
  vendor = createServer((request, response) => {
    presented.push(request.headers.authorization);
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  const env = {
    SIGNAL_DATA_DIR: dataDir,
    SIGNAL_HOST: '127.0.0.1',
    GATEWAY_PORT: '0',
    API_PORT: '0',
    REGISTRY_PORT: '0',
    SIGNAL_ADMIN_TOKEN: ADMIN_TOKEN,
    SIGNAL_ALLOWED_CIDRS: '127.0.0.0/8',
  };
  signal = await startSignal(readSettings({ env }), new Set(ROLES), {
    logger: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
    fatal: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
});

afterAll(async () => {
  vendor.closeAllConnections();
  await new Promise((resolve) => vendor.close(resolve));
  rmSync(dataDir, { recursive: true, force: true });
});

async function post<T>(base: string | undefined, path: string, token: string, body: object): Promise<T> {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json() as Promise<T>;
}

const admin = <T>(path: string, body: object): Promise<T> =>
  post<T>(signal.api, `/v1/admin/${path}`, ADMIN_TOKEN, body);

function vendorUrl(): string {
  const address = vendor.address();
  if (address === null || typeof address === 'string') throw new Error('the vendor has no port');
  return `http://127.0.0.1:${address.port}/in`;
}

/** In clear, and in the forms in which programs like to keep bytes. */
const formsOf = (secret: string): Buffer[] =>
  [
    Buffer.from(secret),
    Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret, 'utf16le'),
  ].map((form) => Buffer.from(form));

it('keeps no secret in clear on disk or in what it logs, from its use to the end', async () => {
  const source = await admin<{ id: string; pipeline_key: string }>('sources', {
    name: 'Shop seen on disk',
    type: 'web',
  });
  const integration = await admin<{ id: string }>('integrations', {
    vendor: 'webhook',
    name: 'Sink',
    config: { url: vendorUrl(), authentication: 'bearer', auth_token: VENDOR_TOKEN },
    consent_categories: [],
  });
  await admin('pipelines', { source_id: source.id, integration_id: integration.id });
  const { invitation } = await admin<{ invitation: string }>('users', {
    email: 'owner@example.com',
    name: 'Owner',
    role: 'owner',
  });
  const accepted = await admin<{ access_token: string; refresh_token: string }>('auth/accept-invitation', {
    invitation,
    password: PASSWORD,
  });
  const { token } = await admin<{ token: string }>('tokens', { name: 'made', scopes: ['viewer'] });
  const login = await admin<{ access_token: string; refresh_token: string }>('auth/login', {
    email: 'owner@example.com',
    password: PASSWORD,
  });
  await post(signal.gateway, '/v1/batch', source.pipeline_key, {
    batch: [{ type: 'track', event: 'Seen', messageId: 'evt_1', anonymousId: 'df_1' }],
  });
  await waitFor(() => presented.includes(`Bearer ${VENDOR_TOKEN}`), { what: 'the token at the vendor' });
  await signal.close();

  const secrets = {
    'the admin token': ADMIN_TOKEN,
    "the vendor's token": VENDOR_TOKEN,
    'the password': PASSWORD,
    'its hash': '$argon2id$',
    'the invitation': invitation,
    'the token made': token,
    'an access token': accepted.access_token,
    'a refresh token': login.refresh_token,
  };
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
  const all = [...files, { name: 'what is logged', bytes: Buffer.from(logged.join('')) }];

  // What is no secret is found by the same search, so a secret would be as well.
  expect(files.some(({ bytes }) => bytes.includes('Shop seen on disk'))).toBe(true);
  const found = Object.entries(secrets).flatMap(([what, secret]) =>
    all
      .filter(({ bytes }) => formsOf(secret).some((form) => bytes.includes(form)))
      .map(({ name }) => `${what} in ${name}`),
  );
  expect(found).toEqual([]);
});
