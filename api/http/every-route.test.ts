import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../config/index.ts';
import { PERMISSIONS } from '../permissions.ts';
import { type Running, start } from '../testing/harness.ts';
import { ask, join, type Method } from '../testing/people.ts';

/** Who may do what, written out once more by hand: o(wner), a(dmin), e(ditor), v(iewer), auditor (u). */
const MAY: Readonly<Record<string, string>> = {
  'sources:read': 'oaevu',
  'sources:write': 'oae',
  'sources:delete': 'oa',
  'integrations:read': 'oaevu',
  'integrations:write': 'oae',
  'integrations:delete': 'oa',
  'revisions:publish': 'oa',
  'pipelines:read': 'oaevu',
  'pipelines:write': 'oae',
  'pipelines:delete': 'oae',
  'consent:read': 'oaevu',
  'consent:write': 'oa',
  'settings:read': 'oau',
  'settings:write': 'oa',
  'users:read': 'oau',
  'users:write': 'oa',
  'tokens:read': 'oau',
  'tokens:write': 'oa',
  'owners:write': 'o',
  'config:read': 'oau',
  'config:export': 'oau',
  'config:write': 'oa',
  'access-log:read': 'oau',
  'events:read': 'oaev',
  'logged-in': 'oaevu',
};

const LETTERS: Readonly<Record<Role, string>> = {
  owner: 'o',
  admin: 'a',
  editor: 'e',
  viewer: 'v',
  auditor: 'u',
};

interface Route {
  readonly method: Method;
  /** Filled in with something there is not. */
  readonly path: string;
  readonly permission: string;
  readonly hasBody: boolean;
  /** Names of its parameters. */
  readonly parameters: readonly string[];
}

let running: Running;
const accessTokens = new Map<Role, string>();
let routes: readonly Route[];

beforeAll(async () => {
  running = await start();
  for (const role of ROLES)
    accessTokens.set(role, (await join(running, `${role}@example.com`, role)).accessToken);
  const { paths } = (await ask(running, 'GET', '/openapi.json', undefined)).json();
  routes = Object.entries<Record<string, Record<string, unknown>>>(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as Method,
      path: path.replace('/v1/admin', '').replaceAll(/\{\w+\}/g, 'nothing'),
      permission: String(operation['x-permission']),
      hasBody: 'requestBody' in operation,
      parameters: namesIn(operation.parameters),
    })),
  );
});

afterAll(async () => {
  await running.stop();
});

const namesIn = (parameters: unknown): string[] =>
  Array.isArray(parameters) ? parameters.map(({ name }: { name: string }) => name) : [];

const statusOf = async (route: Route, token: string | undefined): Promise<number> =>
  // No body here is valid, so nothing comes of it; whether it is looked at at all is the question.
  (await ask(running, route.method, route.path, token, route.hasBody ? { nothing: 'valid' } : undefined))
    .statusCode;

describe('every route', () => {
  it('asks for a permission that the table above knows, or for none on purpose', () => {
    expect(
      Object.keys(MAY)
        .filter((each) => each !== 'logged-in')
        .toSorted(),
    ).toEqual([...PERMISSIONS].toSorted());
    expect(routes.length).toBeGreaterThan(25);
    for (const { method, path, permission } of routes)
      expect(['anyone', ...Object.keys(MAY)], `${method} ${path}`).toContain(permission);
  });

  it('that changes something asks for more than to read', () => {
    for (const { method, path, permission } of routes)
      if (method !== 'GET') expect(permission, `${method} ${path}`).not.toMatch(/:(read|export)$/);
  });

  it('that reads can read what was, except where that means nothing', () => {
    const present = routes.filter(({ method, parameters }) => method === 'GET' && !parameters.includes('at'));
    const proof = ['export', 'proof/consistency', 'proof/inclusion', 'public-key', 'verify'];
    expect(present.map(({ path }) => path).toSorted()).toEqual(
      [
        // Who calls, and what this program is: of the present.
        '/auth/me',
        '/integration-catalog',
        '/openapi.json',
        // Names its two points itself.
        '/config/diff',
        // Shown with the configuration it was governed by.
        '/events/nothing',
        // Of whole logs, which hold all they ever were; proofs name the size they are for.
        ...proof.flatMap((path) => [`/access-log/${path}`, `/config/${path}`]),
      ].toSorted(),
    );
  });

  it('that needs no token is one of these', () => {
    const open = routes.filter(({ permission }) => permission === 'anyone');
    expect(open.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /openapi.json',
      'POST /auth/accept-invitation',
      'POST /auth/login',
      'POST /auth/logout',
      'POST /auth/oidc/finish',
      'POST /auth/oidc/start',
      'POST /auth/refresh',
    ]);
  });

  it('lets nobody else in without a token', async () => {
    for (const route of routes)
      if (route.permission !== 'anyone')
        expect(await statusOf(route, undefined), `${route.method} ${route.path}`).toBe(401);
  });

  it.each(ROLES)('lets the %s do what the table says, and nothing else', async (role) => {
    for (const route of routes) {
      if (route.permission === 'anyone') continue;
      const may = MAY[route.permission]?.includes(LETTERS[role]) === true;
      const status = await statusOf(route, accessTokens.get(role));
      const what = `${role}: ${route.method} ${route.path}, ${status}`;
      expect(status, what).not.toBe(401);
      expect(status === 403, what).toBe(!may);
      expect(status, what).toBeLessThan(500);
    }
  });
});
