import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Log, openEmbeddedLog } from '../log/index.ts';
import { type RegistryServer, startRegistry } from './server.ts';

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'schema-registry-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A log that is closed and gone after the test. */
export async function temporaryLog(directory?: string): Promise<Log> {
  const log = await openEmbeddedLog({ directory: directory ?? (await temporaryDirectory()), flush: 'os' });
  onTestFinished(() => log.close());
  return log;
}

/** A registry on a log of its own, until the end of the test. */
export async function temporaryRegistry(log?: Log): Promise<RegistryServer> {
  const server = await startRegistry({ log: log ?? (await temporaryLog()), port: 0 });
  onTestFinished(() => server.close());
  return server;
}

/** The JSON a registry answers, with the HTTP status. */
export async function request(
  server: RegistryServer,
  line: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const response = await fetch(server.url + path, {
    method,
    ...(body === undefined
      ? {}
      : {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        }),
  });
  return { status: response.status, body: await response.json() };
}

/** A request to register, look up or test a record schema. */
export function schemaOf(fields: readonly object[], more: object = {}): { readonly schema: string } {
  return { schema: JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', ...more, fields }) };
}
