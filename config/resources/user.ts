import type { UserId } from '../ids.ts';
import type { Resource } from './resource.ts';

/** Who may do what is the management API's table; that there is one owner is decided here. */
export const ROLES = ['owner', 'admin', 'editor', 'viewer', 'auditor'] as const;

export type Role = (typeof ROLES)[number];

/** `invited`: has not accepted yet, and cannot log in. */
export type UserStatus = 'invited' | 'active' | 'disabled';

export interface User extends Resource {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: UserStatus;
  /** While it is open. `hash`: SHA-256 of what was sent, hex. */
  readonly invitation: { readonly hash: string; readonly expiresAt: number } | null;
  /** As the command said it; null: logs in elsewhere. */
  readonly passwordHash: string | null;
}

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text);
}
