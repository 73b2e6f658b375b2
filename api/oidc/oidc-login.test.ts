import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start } from '../testing/harness.ts';
import { ask, join, type Person } from '../testing/people.ts';
import { OidcLogin, type OidcSettings } from './oidc-login.ts';
import { mappedRole, parseRoleMapping } from './role-mapping.ts';
import { CLIENT, logInAt, type RunningProvider, startProvider } from './testing/provider.ts';

const PEOPLE = {
  ada: { email: 'ada@example.com', email_verified: true, roles: ['staff', 'signal-editors'] },
  grace: { email: 'grace@example.com', email_verified: true, roles: ['staff'] },
  mallory: { email: 'owner@example.com', email_verified: false, roles: ['signal-admins'] },
  boss: { email: 'owner@example.com', email_verified: true, roles: ['signal-admins'] },
};

let provider: RunningProvider;
let running: Running;
let owner: Person;

const settings = (roles: readonly string[]): OidcSettings => ({
  issuer: provider.issuer,
  ...CLIENT,
  scope: 'openid email profile',
  roleClaim: 'roles',
  roles: parseRoleMapping(roles),
});

const startApi = async (roles: readonly string[]): Promise<void> => {
  running = await start({
    oidc: (key, clock) => new OidcLogin({ settings: settings(roles), key, clock }),
  });
  owner = await join(running, 'owner@example.com', 'owner');
};

const begin = async (): Promise<{ authorization_url: string; login: string }> =>
  (await ask(running, 'POST', '/auth/oidc/start', undefined)).json();
const finish = (login: string, callback: string) =>
  ask(running, 'POST', '/auth/oidc/finish', undefined, { login, callback });

async function logIn(name: string) {
  const { authorization_url: url, login } = await begin();
  return finish(login, await logInAt(url, name));
}

const me = async (token: string) => (await ask(running, 'GET', '/auth/me', token)).json();

beforeAll(async () => {
  provider = await startProvider(PEOPLE);
});

afterAll(async () => {
  await provider.close();
});

describe('a login at the identity provider, with roles mapped', () => {
  beforeAll(() => startApi(['signal-admins=admin', 'signal-editors=editor']));
  afterAll(() => running.stop());

  it('makes the user that a role is mapped for, and knows them again', async () => {
    const first = await logIn('ada');
    expect(first.statusCode, first.body).toBe(200);
    const { access_token: token } = first.json();
    const shown = await me(token);
    expect(shown).toMatchObject({ kind: 'user', name: 'ada@example.com', role: 'editor' });
    const again = (await logIn('ada')).json();
    expect((await me(again.access_token)).id).toBe(shown.id);
    const logged = await ask(running, 'GET', '/access-log?action=auth.login', owner.accessToken);
    expect(logged.json().data.at(-1)).toMatchObject({ actor: { kind: 'user', name: 'ada@example.com' } });
  });

  it('gives the role that the provider says, each time', async () => {
    const { id } = await me((await logIn('ada')).json().access_token);
    await ask(running, 'PATCH', `/users/${id}`, owner.accessToken, { role: 'viewer' });
    expect(await me((await logIn('ada')).json().access_token)).toMatchObject({ id, role: 'editor' });
  });

  it('is refused to who has no mapped role, and to who was disabled here', async () => {
    expect((await logIn('grace')).json().error).toMatchObject({ code: 'LOGIN_NOT_PERMITTED' });
    const { id } = await me((await logIn('ada')).json().access_token);
    await ask(running, 'POST', `/users/${id}/disable`, owner.accessToken);
    const refused = await logIn('ada');
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'LOGIN_NOT_PERMITTED']);
    await ask(running, 'POST', `/users/${id}/enable`, owner.accessToken);
  });

  it('opens no account with an address that is not verified', async () => {
    const response = await logIn('mallory');
    expect([response.statusCode, response.json().error.code]).toEqual([401, 'OIDC_LOGIN_FAILED']);
  });

  it('leaves the owner the owner', async () => {
    expect(await me((await logIn('boss')).json().access_token)).toMatchObject({
      id: owner.id,
      role: 'owner',
    });
  });

  it('is finished once, by whoever started it, in time', async () => {
    const [mine, other] = [await begin(), await begin()];
    const callback = await logInAt(mine.authorization_url, 'ada');
    expect((await finish(other.login, callback)).json().error.code).toBe('OIDC_LOGIN_FAILED');
    expect((await finish('forged', callback)).json().error.code).toBe('OIDC_LOGIN_FAILED');
    const later = Date.now() + 11 * 60_000;
    running.clock = { now: () => later };
    expect((await finish(mine.login, callback)).json().error.message).toContain('too long');
    running.clock = { now: () => Date.now() };
    expect((await finish(mine.login, callback)).statusCode).toBe(200);
    expect((await finish(mine.login, callback)).json().error.code).toBe('OIDC_LOGIN_FAILED');
    expect((await finish(mine.login, '?error=access_denied')).json().error.code).toBe('OIDC_LOGIN_FAILED');
  });

  it('asks with PKCE, state and nonce, and tells the browser no secret', async () => {
    const { authorization_url: url, login } = await begin();
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.any(String),
      nonce: expect.any(String),
    });
    expect(Buffer.from(login, 'base64url').toString('latin1')).not.toContain('verifier');
    expect(url).not.toContain(CLIENT.clientSecret);
  });
});

describe('a login at the identity provider, with roles given here', () => {
  beforeAll(() => startApi([]));
  afterAll(() => running.stop());

  it('is for who was invited only, and needs no password', async () => {
    expect((await logIn('grace')).json().error.code).toBe('LOGIN_NOT_PERMITTED');
    const body = { email: 'Grace@Example.com', name: 'Grace', role: 'auditor' };
    await ask(running, 'POST', '/users', owner.accessToken, body);
    expect(await me((await logIn('grace')).json().access_token)).toMatchObject({ role: 'auditor' });
  });
});

describe('without a provider', () => {
  afterAll(() => running.stop());

  it('says that there is none', async () => {
    running = await start();
    expect((await ask(running, 'POST', '/auth/oidc/start', undefined)).json().error.code).toBe(
      'OIDC_NOT_CONFIGURED',
    );
  });

  it('says that it cannot be reached', async () => {
    await running.stop();
    const elsewhere = { ...settings([]), issuer: 'http://127.0.0.1:1' };
    running = await start({ oidc: (key, clock) => new OidcLogin({ settings: elsewhere, key, clock }) });
    const response = await ask(running, 'POST', '/auth/oidc/start', undefined);
    expect([response.statusCode, response.json().error.code]).toEqual([503, 'OIDC_UNAVAILABLE']);
  });
});

describe('the mapping of roles', () => {
  it('takes the first that matches, in a list or alone', () => {
    const mapping = parseRoleMapping(['a=b=admin', 'x=viewer']);
    expect(mappedRole(mapping, ['x', 'a=b'])).toBe('admin');
    expect(mappedRole(mapping, 'x')).toBe('viewer');
    for (const claim of [undefined, null, 'y', [], { x: 1 }])
      expect(mappedRole(mapping, claim)).toBeUndefined();
  });

  it.each(['x', '=admin', 'x=', 'x=owner', 'x=root'])('refuses "%s"', (entry) => {
    expect(() => parseRoleMapping([entry])).toThrow(entry);
  });
});
