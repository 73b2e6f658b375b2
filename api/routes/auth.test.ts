import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, start, TOKEN } from '../testing/harness.ts';
import { ask, join, PASSWORD, type Person } from '../testing/people.ts';

let running: Running;
let owner: Person;

beforeAll(async () => {
  running = await start();
  owner = await join(running, 'owner@example.com', 'owner');
});

afterAll(async () => {
  await running.stop();
});

const login = (email: string, password = PASSWORD) =>
  ask(running, 'POST', '/auth/login', undefined, { email, password });
const refresh = (token: string) => ask(running, 'POST', '/auth/refresh', undefined, { refresh_token: token });
const me = (token: string) => ask(running, 'GET', '/auth/me', token);
const codeOf = async (response: ReturnType<typeof ask>): Promise<string> =>
  (await response).json().error.code;

describe('an invitation', () => {
  it('must be the owner first, and leads to a login', async () => {
    expect((await me(owner.accessToken)).json()).toMatchObject({
      kind: 'user',
      id: owner.id,
      name: 'owner@example.com',
      role: 'owner',
      permissions: expect.arrayContaining(['owners:write', 'users:write']),
    });
  });

  it('counts once', async () => {
    const invited = await ask(running, 'POST', '/users', owner.accessToken, {
      email: 'once@example.com',
      name: 'Once',
      role: 'viewer',
    });
    const { id, invitation, ...shown } = invited.json();
    expect(shown).toMatchObject({ email: 'once@example.com', role: 'viewer', status: 'invited' });
    expect(await codeOf(login('once@example.com'))).toBe('INVALID_CREDENTIALS');
    const accept = () =>
      ask(running, 'POST', '/auth/accept-invitation', undefined, { invitation, password: PASSWORD });
    expect((await accept()).statusCode).toBe(200);
    expect(await codeOf(accept())).toBe('INVALID_INVITATION');
    expect((await ask(running, 'GET', `/users/${id}`, owner.accessToken)).json()).toMatchObject({
      status: 'active',
      invitation_expires_at: null,
    });
    expect((await login('once@example.com')).statusCode).toBe(200);
  });

  it('is void once another was made, and after a week', async () => {
    const body = { email: 'late@example.com', name: 'Late', role: 'viewer' };
    const first = (await ask(running, 'POST', '/users', owner.accessToken, body)).json();
    const path = `/users/${first.id}/renew-invitation`;
    const second = (await ask(running, 'POST', path, owner.accessToken, {})).json();
    const accept = (invitation: string) =>
      ask(running, 'POST', '/auth/accept-invitation', undefined, { invitation, password: PASSWORD });
    expect(await codeOf(accept(first.invitation))).toBe('INVALID_INVITATION');
    running.clock = { now: () => Date.parse(second.invitation_expires_at) };
    expect(await codeOf(accept(second.invitation))).toBe('INVITATION_CLOSED');
    running.clock = { now: () => Date.now() };
    expect((await accept(second.invitation)).statusCode).toBe(200);
  });
});

describe('a login', () => {
  it('takes the address in any case, and the password in its own only', async () => {
    expect((await login('OWNER@example.com')).statusCode).toBe(200);
    expect(await codeOf(login('owner@example.com', PASSWORD.toUpperCase()))).toBe('INVALID_CREDENTIALS');
  });

  it('answers the same for an address nobody has, down to the lock', async () => {
    await join(running, 'locked@example.com', 'viewer');
    for (const email of ['locked@example.com', 'nobody@example.com']) {
      const codes = [];
      for (let i = 0; i < 7; i++) codes.push(await codeOf(login(email, 'wrong')));
      expect(codes).toEqual([...Array(5).fill('INVALID_CREDENTIALS'), 'ACCOUNT_LOCKED', 'ACCOUNT_LOCKED']);
    }
    expect(await codeOf(login('locked@example.com'))).toBe('ACCOUNT_LOCKED');
    const later = Date.now() + 15 * 60_000;
    running.clock = { now: () => later };
    expect((await login('locked@example.com')).statusCode).toBe(200);
    running.clock = { now: () => Date.now() };
  });

  it('takes as long for an address nobody has', async () => {
    const users = ['timed-1@example.com', 'timed-2@example.com', 'timed-3@example.com'];
    for (const email of users) await join(running, email, 'viewer');
    const timeOf = async (email: string): Promise<number> => {
      const from = performance.now();
      await login(email, 'wrong');
      return performance.now() - from;
    };
    // In turn, and the shortest of each: a busy machine lengthens some, but hardly all of one kind.
    const times = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
    for (let index = 0; index < 5; index++) {
      for (const email of users) {
        times.known = Math.min(times.known, await timeOf(email));
        times.unknown = Math.min(times.unknown, await timeOf(`nobody-${index}-${email}`));
      }
    }
    // What a hash costs is some twenty milliseconds; without one it would be a few.
    expect(times.unknown).toBeGreaterThan(times.known / 3);
    expect(times.unknown).toBeLessThan(times.known * 3);
  });

  it('admits no more guesses made at once than one after another', async () => {
    await join(running, 'guessed@example.com', 'viewer');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(login('guessed@example.com', 'wrong'))),
    );
    expect(answers.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
  });
});

describe('a session', () => {
  it('goes on with a new pair of tokens each time', async () => {
    const { refreshToken } = await join(running, 'on@example.com', 'viewer');
    const second = (await refresh(refreshToken)).json();
    expect(second).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const third = (await refresh(second.refresh_token)).json();
    expect((await me(third.access_token)).statusCode).toBe(200);
  });

  it('ends, and all others of the user, when a refresh token comes a second time', async () => {
    const { refreshToken, email } = await join(running, 'stolen@example.com', 'viewer');
    const elsewhere = (await login(email)).json();
    const thief = (await refresh(refreshToken)).json();
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    for (const token of [thief.access_token, elsewhere.access_token])
      expect(await codeOf(me(token))).toBe('INVALID_TOKEN');
    for (const token of [thief.refresh_token, elsewhere.refresh_token])
      expect(await codeOf(refresh(token))).toBe('INVALID_REFRESH_TOKEN');
    expect((await login(email)).statusCode).toBe(200);
    expect((await me(owner.accessToken)).statusCode).toBe(200);
  });

  it('lets one of two through who use a refresh token at once, and then neither', async () => {
    const { refreshToken } = await join(running, 'twice@example.com', 'viewer');
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([200, 401]);
    const winner = answers.find((answer) => answer.statusCode === 200)?.json();
    expect(await codeOf(me(winner.access_token))).toBe('INVALID_TOKEN');
  });

  it('ends with a logout, and its access token with it', async () => {
    const { accessToken, refreshToken } = await join(running, 'out@example.com', 'viewer');
    const logout = () => ask(running, 'POST', '/auth/logout', undefined, { refresh_token: refreshToken });
    expect((await logout()).statusCode).toBe(204);
    expect(await codeOf(me(accessToken))).toBe('INVALID_TOKEN');
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect((await logout()).statusCode).toBe(204);
  });

  it('ends when its access token is a quarter of an hour old, until it is refreshed', async () => {
    const { accessToken, refreshToken } = await join(running, 'old@example.com', 'viewer');
    const later = Date.now() + 15 * 60_000;
    running.clock = { now: () => later };
    expect(await codeOf(me(accessToken))).toBe('EXPIRED_TOKEN');
    expect((await me((await refresh(refreshToken)).json().access_token)).statusCode).toBe(200);
    running.clock = { now: () => Date.now() };
  });

  it('ends when the user is disabled, and another role counts at once', async () => {
    const { id, email, accessToken, refreshToken } = await join(running, 'gone@example.com', 'viewer');
    expect((await ask(running, 'GET', '/users', accessToken)).statusCode).toBe(403);
    await ask(running, 'PATCH', `/users/${id}`, owner.accessToken, { role: 'auditor' });
    expect((await ask(running, 'GET', '/users', accessToken)).statusCode).toBe(200);
    await ask(running, 'POST', `/users/${id}/disable`, owner.accessToken);
    expect(await codeOf(me(accessToken))).toBe('INVALID_TOKEN');
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOf(login(email))).toBe('INVALID_CREDENTIALS');
    await ask(running, 'POST', `/users/${id}/enable`, owner.accessToken);
    expect(await codeOf(me(accessToken))).toBe('INVALID_TOKEN');
    expect((await login(email)).statusCode).toBe(200);
  });

  it('ends with a new password, which alone counts from then on', async () => {
    const { email, accessToken } = await join(running, 'new@example.com', 'viewer');
    const change = (current: string) =>
      ask(running, 'POST', '/auth/change-password', accessToken, {
        current_password: current,
        new_password: 'another horse, another staple',
      });
    expect(await codeOf(change('wrong'))).toBe('INVALID_CREDENTIALS');
    const changed = await change(PASSWORD);
    expect((await me(changed.json().access_token)).statusCode).toBe(200);
    expect(await codeOf(me(accessToken))).toBe('INVALID_TOKEN');
    expect(await codeOf(login(email))).toBe('INVALID_CREDENTIALS');
    expect((await login(email, 'another horse, another staple')).statusCode).toBe(200);
  });
});

describe('nobody gives more than they have', () => {
  let admin: Person;

  beforeAll(async () => {
    admin = await join(running, 'admin@example.com', 'admin');
  });

  it('in a role', async () => {
    const { id } = await join(running, 'raised@example.com', 'viewer');
    const patch = (token: string, user: string, role: string) =>
      ask(running, 'PATCH', `/users/${user}`, token, { role });
    expect((await patch(admin.accessToken, id, 'owner')).statusCode).toBe(403);
    expect((await patch(admin.accessToken, owner.id, 'viewer')).statusCode).toBe(403);
    expect((await ask(running, 'POST', `/users/${owner.id}/disable`, TOKEN)).statusCode).toBe(403);
    expect((await patch(admin.accessToken, id, 'admin')).statusCode).toBe(200);
  });

  it('in a token, which is shown once and can be revoked', async () => {
    const create = (scopes: readonly string[]) =>
      ask(running, 'POST', '/tokens', admin.accessToken, { name: `token ${scopes.join()}`, scopes });
    expect(await codeOf(create(['owners:write']))).toBe('FORBIDDEN');
    expect(await codeOf(create(['sources:fly']))).toBe('VALIDATION_FAILED');
    const made = (await create(['sources:read'])).json();
    expect(made.token).toMatch(/^sat_/);
    expect((await ask(running, 'GET', '/sources', made.token)).statusCode).toBe(200);
    expect((await ask(running, 'GET', '/pipelines', made.token)).statusCode).toBe(403);
    const { token: _, ...shown } = made;
    expect((await ask(running, 'GET', `/tokens/${made.id}`, admin.accessToken)).json()).toEqual(shown);
    expect((await ask(running, 'DELETE', `/tokens/${made.id}`, admin.accessToken)).statusCode).toBe(204);
    expect(await codeOf(ask(running, 'GET', '/sources', made.token))).toBe('INVALID_TOKEN');
  });
});

describe('after a restart', () => {
  it('who was logged in still is, who was locked out still is, and what was used stays used', async () => {
    const { accessToken, refreshToken, email } = await join(running, 'stays@example.com', 'viewer');
    const next = (await refresh(refreshToken)).json();
    for (let i = 0; i < 6; i++) await login('nobody-at-all@example.com', 'wrong');
    running = await running.restart();
    expect((await me(accessToken)).statusCode).toBe(200);
    expect(await codeOf(login('nobody-at-all@example.com'))).toBe('ACCOUNT_LOCKED');
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_REFRESH_TOKEN');
    expect(await codeOf(refresh(next.refresh_token))).toBe('INVALID_REFRESH_TOKEN');
    expect((await login(email)).statusCode).toBe(200);
  });
});
