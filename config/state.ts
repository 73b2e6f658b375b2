import type { IntegrationId, PipelineId, SourceId, TokenId, UserId } from './ids.ts';
import { nameKey } from './names.ts';
import { PersistentMap } from './persistent-map.ts';
import { type ConsentRules, DEFAULT_CONSENT } from './resources/consent.ts';
import type { Integration } from './resources/integration.ts';
import type { Pipeline } from './resources/pipeline.ts';
import { DEFAULT_SETTINGS, type Settings } from './resources/settings.ts';
import type { Source } from './resources/source.ts';
import type { Token } from './resources/token.ts';
import type { User } from './resources/user.ts';

/** The configuration as of one version. Immutable; versions share what they have in common. */
export interface ConfigState {
  /** Sequence of the last event in it, 0 before the first. */
  readonly version: number;
  /** Of every resource there ever was, by id. */
  readonly resourceVersions: PersistentMap<string, number>;
  /** Who has a name, see `nameKey`. */
  readonly names: PersistentMap<string, string>;

  readonly sources: PersistentMap<SourceId, Source>;
  /** Of every key there ever was: none is given to a second source. */
  readonly sourceIdByKey: PersistentMap<string, SourceId>;

  readonly integrations: PersistentMap<IntegrationId, Integration>;

  readonly pipelines: PersistentMap<PipelineId, Pipeline>;
  /** In order of creation. */
  readonly pipelinesBySource: PersistentMap<SourceId, readonly Pipeline[]>;
  readonly enabledPipelinesBySource: PersistentMap<SourceId, readonly Pipeline[]>;

  readonly tokens: PersistentMap<TokenId, Token>;
  /** Of those revoked as well: no token comes back to life. */
  readonly tokenIdByHash: PersistentMap<string, TokenId>;

  readonly users: PersistentMap<UserId, User>;
  /** Exactly one once there are users. */
  readonly ownerId: UserId | null;

  readonly settings: Settings;
  readonly consent: ConsentRules;
}

export const EMPTY_STATE: ConfigState = {
  version: 0,
  resourceVersions: PersistentMap.empty(),
  names: PersistentMap.empty(),
  sources: PersistentMap.empty(),
  sourceIdByKey: PersistentMap.empty(),
  integrations: PersistentMap.empty(),
  pipelines: PersistentMap.empty(),
  pipelinesBySource: PersistentMap.empty(),
  enabledPipelinesBySource: PersistentMap.empty(),
  tokens: PersistentMap.empty(),
  tokenIdByHash: PersistentMap.empty(),
  users: PersistentMap.empty(),
  ownerId: null,
  settings: DEFAULT_SETTINGS,
  consent: DEFAULT_CONSENT,
};

const NO_PIPELINES: readonly Pipeline[] = [];

/** The source of a live key. */
export function sourceByPipelineKey(state: ConfigState, key: string): Source | undefined {
  const id = state.sourceIdByKey.get(key);
  const source = id === undefined ? undefined : state.sources.get(id);
  return source?.pipelineKeys.includes(key) === true ? source : undefined;
}

/** The source whose script is at `/<name>.js`. */
export function sourceByScriptFilename(state: ConfigState, name: string): Source | undefined {
  const id = state.names.get(nameKey('script', name));
  return id === undefined ? undefined : state.sources.get(id);
}

/** In order of creation, whether enabled or not. */
export function pipelinesOf(state: ConfigState, source: string): readonly Pipeline[] {
  return state.pipelinesBySource.get(source) ?? NO_PIPELINES;
}

/** In order of creation. */
export function enabledPipelinesOf(state: ConfigState, source: string): readonly Pipeline[] {
  return state.enabledPipelinesBySource.get(source) ?? NO_PIPELINES;
}

/** A token that counts, unless it has expired. `hash`: SHA-256 of the token, hex. */
export function tokenByHash(state: ConfigState, hash: string): Token | undefined {
  const id = state.tokenIdByHash.get(hash);
  const token = id === undefined ? undefined : state.tokens.get(id);
  return token?.revokedAt === null ? token : undefined;
}

/** Whatever the case of the address, and whatever the user's status. */
export function userByEmail(state: ConfigState, email: string): User | undefined {
  const id = state.names.get(nameKey('email', email));
  return id === undefined ? undefined : state.users.get(id);
}
