import { SchemaRegistry as Client, COMPATIBILITY, SchemaType } from '@kafkajs/confluent-schema-registry';
import avro from 'avsc';
import { SerdeError } from '../errors.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** As long as Confluent's own clients wait: a registry that has just begun, on a busy machine, is no missing one. */
const REQUEST_TIMEOUT_MS = 60_000;

export interface ConfluentRegistryOptions {
  /** Base URL; a user and password in it are sent as Basic authentication. */
  readonly url: string;
  /** The level a subject gets with its first schema. A subject that has another one is refused.
   * Default `BACKWARD_TRANSITIVE`: what is read may have been written with any earlier version. */
  readonly compatibility?: keyof typeof COMPATIBILITY | undefined;
}

/** The client of a registry that speaks Confluent's REST API. */
export function confluentRegistry(options: ConfluentRegistryOptions): SchemaRegistry {
  const { host, auth } = splitUrl(options.url);
  const compatibility = COMPATIBILITY[options.compatibility ?? 'BACKWARD_TRANSITIVE'];
  const middlewares = [boundedRequest];
  const client = new Client(auth === undefined ? { host, middlewares } : { host, middlewares, auth });

  async function call<T>(what: string, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw registryError(error, `${what} at ${host}`);
    }
  }

  return {
    register: (subject, schema) =>
      call(`registering ${subject}`, async () => {
        const registered = await client.register(
          { type: SchemaType.AVRO, schema },
          { subject, compatibility },
        );
        return registered.id;
      }),

    ids: (subject) =>
      call(`versions of ${subject}`, async () => {
        const versions = await listVersions(host, auth, subject);
        return Promise.all(versions.map((version) => client.getRegistryId(subject, version)));
      }),

    schema: (id) =>
      call(`schema ${id}`, async () => {
        const schema = await client.getSchema(id);
        if (!avro.Type.isType(schema))
          throw new SerdeError('INCOMPATIBLE_SCHEMA', `schema ${id} is not Avro`);
        return JSON.stringify(schema);
      }),
  };
}

type Credentials = { readonly username: string; readonly password: string };

function splitUrl(text: string): { readonly host: string; readonly auth: Credentials | undefined } {
  const url = new URL(text);
  const auth = { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  return { host: url.href.replace(/\/+$/, ''), auth: auth.username === '' ? undefined : auth };
}

/** The client has no call for this one. */
async function listVersions(
  host: string,
  auth: Credentials | undefined,
  subject: string,
): Promise<readonly number[]> {
  const headers = new Headers({ accept: 'application/vnd.schemaregistry.v1+json' });
  if (auth !== undefined) {
    const token = Buffer.from(`${auth.username}:${auth.password}`).toString('base64');
    headers.set('authorization', `Basic ${token}`);
  }
  const url = `${host}/subjects/${encodeURIComponent(subject)}/versions`;
  const unavailable = (cause: unknown): never => {
    throw new SerdeError('REGISTRY_UNAVAILABLE', `versions of ${subject} at ${host}`, { cause });
  };
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, { headers, signal }).catch(unavailable);
  if (response.status === 404) return [];
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  const versions: unknown = await response.json().catch(unavailable);
  return Array.isArray(versions) ? versions.filter(Number.isInteger) : unavailable(versions);
}

type Middleware = NonNullable<ConstructorParameters<typeof Client>[0]['middlewares']>[number];

/** By itself the client waits for ever. */
const boundedRequest: Middleware = () => ({
  prepareRequest: async (next) => (await next()).enhance({ timeout: REQUEST_TIMEOUT_MS }),
});

/** How the client reports that there was no answer (a registry's own 400 has its message instead). */
const NO_ANSWER = /Error, status 400: /;

function registryError(error: unknown, what: string): SerdeError {
  if (error instanceof SerdeError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  if (status >= 500 || NO_ANSWER.test(reason))
    return new SerdeError('REGISTRY_UNAVAILABLE', `${what}: ${reason}`);
  if (status === 404) return new SerdeError('UNKNOWN_SCHEMA', `${what}: ${reason}`);
  return new SerdeError('REGISTRY_REFUSED', `${what}: ${reason}`);
}
