/** The management API, as commands of this program use it. */
export interface AdminClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<T>;
}

/** What the API says of a request that it refuses. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly { readonly path: string; readonly message: string }[];
}

export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly code = 'API_REFUSED';
  readonly status: number;
  /** Undefined if the answer was not the API's. */
  readonly refusal: Refusal | undefined;

  constructor(status: number, message: string, refusal?: Refusal) {
    super(message);
    this.status = status;
    this.refusal = refusal;
  }
}

/** `api`: base URL of the API's port. Rejects with an `AdminError` for any answer but a 2xx. */
export function adminClient(api: string, token: string): AdminClient {
  async function call<T>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const response = await fetch(`${api}/v1/admin/${path}`, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : cause;
      throw Object.assign(new Error(`${api} cannot be reached: ${reason}`, { cause }), {
        code: 'API_UNREACHABLE',
      });
    });
    const text = await response.text();
    if (!response.ok)
      throw new AdminError(response.status, `${method} ${path}: ${response.status} ${text}`, refusalIn(text));
    return JSON.parse(text);
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
  };
}

function refusalIn(text: string): Refusal | undefined {
  try {
    return JSON.parse(text).error;
  } catch {
    return undefined;
  }
}
