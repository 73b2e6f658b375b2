import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import type { ConfigState, ConsentPolicy, Source } from '../config/index.ts';
import type { GatewaySource, SourceDirectory } from './sources.ts';

/*
 * What a gateway needs of the configuration, kept on its own disk: so that one that is started while the log cannot be
 * reached knows its sources as of the last version it had applied, and stamps that version on what it accepts.
 *
 * Signing secrets are not in it, for they never lie in clear on a disk; what is signed has to come again once the log is back.
 */
export interface GatewaySnapshot {
  /** Sequence of the last config event in it. */
  readonly version: number;
  /** The registry's id of the schema that events are written with, and the schema's digest: a program that has another
   * schema cannot know its id. */
  readonly schema: { readonly id: number; readonly digest: string };
  readonly consent: {
    readonly defaultPolicy: ConsentPolicy;
    readonly categories: Readonly<Record<string, string>>;
  };
  readonly sources: readonly SnapshotSource[];
}

export interface SnapshotSource extends GatewaySource {
  readonly pipelineKeys: readonly string[];
}

const FORMAT = 1;

export function takeSnapshot(state: ConfigState, schema: GatewaySnapshot['schema']): GatewaySnapshot {
  return {
    version: state.version,
    schema,
    consent: {
      defaultPolicy: state.consent.defaultPolicy,
      categories: Object.fromEntries(state.consent.categories),
    },
    sources: [...state.sources].map(([, source]) => withoutSecrets(source)),
  };
}

function withoutSecrets({ signingSecrets: _sealed, ...source }: Source): SnapshotSource {
  return source;
}

export const schemaDigest = (schema: unknown): string =>
  createHash('sha256').update(JSON.stringify(schema)).digest('hex');

/** Its sources, as they were. */
export function snapshotSources({ version, consent, sources }: GatewaySnapshot): SourceDirectory {
  const byKey = new Map(sources.flatMap((source) => source.pipelineKeys.map((key) => [key, source])));
  const byId = new Map(sources.map((source) => [source.id, source]));
  const byFilename = new Map(sources.map((source) => [source.collector.scriptFilename, source]));
  return {
    version,
    sourceByKey: (key) => byKey.get(key),
    sourceById: (id) => byId.get(id),
    sourceByScriptFilename: (name) => byFilename.get(name),
    allowedOrigins: [...new Set(sources.flatMap(({ allowedOrigins }) => allowedOrigins))],
    consent: {
      defaultPolicy: consent.defaultPolicy,
      categories: new Map(Object.entries(consent.categories)),
    },
    signingSecrets: () => [],
    hasSecrets: false,
  };
}

/** The file as it was before, or as it is after; never half of it. */
export async function writeSnapshot(path: string, snapshot: GatewaySnapshot): Promise<void> {
  const content = JSON.stringify(snapshot);
  const sum = createHash('sha256').update(content).digest('hex');
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ format: FORMAT, sum })}\n${content}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** `undefined` where there is none, or none that can be trusted to be whole. */
export async function readSnapshot(path: string): Promise<GatewaySnapshot | undefined> {
  try {
    const [head = '', content = ''] = (await readFile(path, 'utf8')).split('\n');
    const { format, sum }: { format?: unknown; sum?: unknown } = JSON.parse(head);
    if (format !== FORMAT || createHash('sha256').update(content).digest('hex') !== sum) return undefined;
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
