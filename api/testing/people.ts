import type { LightMyRequestResponse } from 'fastify';
import type { Role } from '../../config/index.ts';
import { type Running, TOKEN } from './harness.ts';

export const PASSWORD = 'correct horse battery staple';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A request with a token of one's own, or with none. */
export const ask = (
  running: Running,
  method: Method,
  path: string,
  token: string | undefined,
  payload?: object,
): Promise<LightMyRequestResponse> =>
  running.api.inject({
    method,
    url: `/v1/admin${path}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });

/** Invites somebody and accepts in their name. The first one must be the owner. */
export async function join(running: Running, email: string, role: Role): Promise<Person> {
  const invited = await ask(running, 'POST', '/users', TOKEN, { email, name: `Name of ${email}`, role });
  if (invited.statusCode !== 201) throw new Error(`not invited: ${invited.body}`);
  const { id, invitation } = invited.json();
  const accepted = await ask(running, 'POST', '/auth/accept-invitation', undefined, {
    invitation,
    password: PASSWORD,
  });
  if (accepted.statusCode !== 200) throw new Error(`not accepted: ${accepted.body}`);
  const { access_token: accessToken, refresh_token: refreshToken } = accepted.json();
  return { id, email, accessToken, refreshToken };
}
