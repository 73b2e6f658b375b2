/** The management API, as commands of this program use it. */
export interface AdminClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
}

export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `api`: base URL of the API's port. Rejects with an `AdminError` for any answer but a 2xx. */
export function adminClient(api: string, token: string): AdminClient {
  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${api}/v1/admin/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new AdminError(response.status, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
  };
}
