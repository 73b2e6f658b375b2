import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import type { ConfigState, ConsentPolicy, Source } from '../config/index.ts';
import type { GatewaySource, SourceDirectory } from './sources.ts';

/**
 * What a gateway needs of the configuration, kept on its own disk: so that one that is started while the log cannot be
 * reached knows its sources as of the last version it had applied, and stamps that version on what it accepts.
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
  /** In clear, newest first. */
  readonly signingSecrets: readonly string[];
  /** There were others. */
  readonly lacksSecrets: boolean;
}

/** What makes a file of it that nobody else can read, or change unseen. */
export interface SnapshotSeal {
  seal(plaintext: Buffer): Buffer;
  /** `undefined` for anything but what was sealed. */
  open(sealed: Buffer): Buffer | undefined;
}

export function takeSnapshot(
  state: ConfigState,
  schema: GatewaySnapshot['schema'],
  secrets: Required<Pick<SourceDirectory, 'signingSecrets' | 'lacksSecrets'>>,
): GatewaySnapshot {
  return {
    version: state.version,
    schema,
    consent: {
      defaultPolicy: state.consent.defaultPolicy,
      categories: Object.fromEntries(state.consent.categories),
    },
    sources: [...state.sources.values()].map((source: Source) => ({
      ...source,
      signingSecrets: secrets.signingSecrets(source.id),
      lacksSecrets: secrets.lacksSecrets(source.id),
    })),
  };
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
    signingSecrets: (id) => byId.get(id)?.signingSecrets ?? [],
    lacksSecrets: (id) => byId.get(id)?.lacksSecrets ?? false,
  };
}

/** The file as it was before, or as it is after; never half of it. */
export async function writeSnapshot(
  path: string,
  snapshot: GatewaySnapshot,
  { seal }: SnapshotSeal,
): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(seal(Buffer.from(JSON.stringify(snapshot))));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** `undefined` where there is none, or none that was written by `writeSnapshot` with the same seal. */
export async function readSnapshot(
  path: string,
  { open: unseal }: SnapshotSeal,
): Promise<GatewaySnapshot | undefined> {
  const sealed = await readFile(path).catch(() => undefined);
  const content = sealed && unseal(sealed);
  return content && JSON.parse(content.toString('utf8'));
}
