/** Ids of resources. A brand costs nothing at run time and keeps a pipeline's id out of a source's place. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type SourceId = Id<'source'>;
export type IntegrationId = Id<'integration'>;
export type PipelineId = Id<'pipeline'>;
export type TokenId = Id<'token'>;
export type UserId = Id<'user'>;

/** Letters, digits, `_` and `-` only: integration ids become part of topic names. */
const SUFFIX = '[A-Za-z0-9_-]{1,64}';

/** What every id of a kind looks like, and how a string that came from outside becomes one. */
export interface IdKind<T extends string> {
  readonly prefix: string;
  /** Trusts the text: for what the log says, which was checked when it was decided. */
  of(text: string): T;
  is(text: string): text is T;
}

function idKind<T extends string>(prefix: string): IdKind<T> {
  const pattern = new RegExp(`^${prefix}_${SUFFIX}$`);
  return {
    prefix,
    of: (text) => text as T,
    is: (text): text is T => pattern.test(text),
  };
}

export const sourceId = idKind<SourceId>('src');
export const integrationId = idKind<IntegrationId>('int');
export const pipelineId = idKind<PipelineId>('pip');
export const tokenId = idKind<TokenId>('tok');
export const userId = idKind<UserId>('usr');

/** There is one of each. */
export const SETTINGS_ID = 'settings';
export const CONSENT_ID = 'consent';
/** What a command is about that changes several resources at once. */
export const CONFIG_ID = 'config';
