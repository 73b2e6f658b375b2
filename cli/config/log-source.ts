import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AdminClient, adminClient } from '../admin-client.ts';
import { readInstance } from '../run/instance-file.ts';
import type { Settings } from '../settings.ts';
import { codedError } from './coded-error.ts';

/** Where a command finds the config log. */
export type LogSource =
  | { readonly kind: 'api'; readonly name: string; readonly api: ApiSource }
  | { readonly kind: 'directory'; readonly name: string };

export interface ApiSource extends AdminClient {
  /** The body as it comes. Rejects unless the answer is a 200. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>;
}

/** The API at `url`, else that of the instance running on the data directory, else the directory itself. */
export async function findLog(settings: Settings, url: string | undefined): Promise<LogSource> {
  if (url !== undefined) return { kind: 'api', name: url, api: apiSource(url, settings.adminToken) };
  const name = resolve(settings.dataDir);
  const instance = await readInstance(settings.dataDir);
  if (instance?.api !== undefined)
    return { kind: 'api', name, api: apiSource(instance.api, settings.adminToken) };
  if (settings.kafkaBrokers.length > 0)
    throw codedError('NO_INSTANCE', 'no API runs here; name one with --api, since the log is on Kafka');
  // RocksDB's own: to open a directory without it would make a log there.
  if (!existsSync(join(name, 'CURRENT')))
    throw codedError(
      'NO_DATA',
      `there is no log in ${name}; name the data directory with --data-dir, or an API with --api`,
    );
  return { kind: 'directory', name };
}

/** The API at `url`, else that of the instance running on the data directory. */
export async function runningApi(settings: Settings, url: string | undefined): Promise<ApiSource> {
  const source = await findLog(settings, url);
  if (source.kind === 'api') return source.api;
  throw codedError('NO_INSTANCE', `nothing runs on ${source.name}; start it, or name an API with --api`);
}

function apiSource(url: string, token: string | undefined): ApiSource {
  if (token === undefined)
    throw codedError('NO_TOKEN', 'set SIGNAL_ADMIN_TOKEN to a token that may read the configuration');
  const base = url.replace(/\/+$/, '');
  return {
    ...adminClient(base, token),
    async stream(path) {
      const response = await fetch(`${base}/v1/admin/${path}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!response.ok || response.body === null)
        throw codedError(
          'API_REFUSED',
          `GET ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`,
        );
      return response.body;
    },
  };
}
