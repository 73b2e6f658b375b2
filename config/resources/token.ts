import type { TokenId } from '../ids.ts';
import type { Resource } from './resource.ts';

/** An API token; the token itself is nowhere. */
export interface Token extends Resource {
  readonly id: TokenId;
  readonly name: string;
  /** SHA-256, hex. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
}

export const TOKEN_SCOPES = ['admin'] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];

export function isTokenScope(text: string): text is TokenScope {
  return TOKEN_SCOPES.some((scope) => scope === text);
}
