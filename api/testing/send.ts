import type { LightMyRequestResponse } from 'fastify';
import { type Running, TOKEN } from './harness.ts';
import type { Method } from './people.ts';

export interface SendOptions {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out, the admin's. */
  readonly token?: string;
}

/** A request with headers of one's own. */
export const send = (
  running: Running,
  method: Method,
  path: string,
  { body, headers, token = TOKEN }: SendOptions = {},
): Promise<LightMyRequestResponse> =>
  running.api.inject({
    method,
    url: `/v1/admin${path}`,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
