import type { TokenId } from '../ids.ts';
import type { Resource } from './resource.ts';
import { isRole } from './user.ts';

/** An API token; the token itself is nowhere. */
export interface Token extends Resource {
  readonly id: TokenId;
  readonly name: string;
  /** SHA-256, hex. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** One permission, such as `sources:read`; the management API knows which there are. */
const PERMISSION = /^[a-z]+(-[a-z]+)*:[a-z]+$/;

/** A role other than the owner's, or a permission. */
export const isTokenScope = (text: string): boolean =>
  (isRole(text) && text !== 'owner') || PERMISSION.test(text);
