import { nameKey } from './names.ts';
import { type Rejection, reject } from './rejections.ts';
import { isRole, ROLES, type Role, type User } from './resources/user.ts';
import type { ConfigState } from './state.ts';

const SHA_256_HEX = /^[0-9a-f]{64}$/;
/** Deliberately wide: whether an address works is known when somebody accepts. */
const EMAIL = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]{1,190}$/;
const PASSWORD_HASH = /^(\$argon2id\$[\x21-\x7e]{20,400}|v1\.sec_[\x21-\x7e]{20,2000})$/;

export interface Address {
  readonly email: string;
  readonly invitationHash: string;
  readonly invitationExpiresAt: number;
}

/** Why a user, `self` or a new one, cannot be invited at an address, if so. */
export function addressFault(
  state: ConfigState,
  { email, invitationHash, invitationExpiresAt }: Address,
  now: number,
  self?: string,
): Rejection | undefined {
  if (!EMAIL.test(email)) return reject('INVALID_EMAIL', 'email', 'this is no email address');
  const holder = state.names.get(nameKey('email', email));
  if (holder !== undefined && holder !== self)
    return reject('EMAIL_TAKEN', 'email', `${holder} has this email address already`);
  if (!SHA_256_HEX.test(invitationHash))
    return reject('INVALID_INVITATION', 'invitationHash', 'the hash must be 64 hexadecimal digits (SHA-256)');
  if (invitationExpiresAt <= now)
    return reject('INVALID_EXPIRY', 'invitationExpiresAt', 'the invitation would have expired already');
  return undefined;
}

/** So that no password in clear enters the log by mistake. */
export function passwordFault(hash: string | null): Rejection | undefined {
  return hash === null || PASSWORD_HASH.test(hash)
    ? undefined
    : reject(
        'INVALID_PASSWORD_HASH',
        'passwordHash',
        'a password is given as its argon2id hash, or that sealed',
      );
}

/** What an event says; evolving must not fail on a role that is no longer known, so that becomes the least one. */
export const roleOf = (text: string): Role => (isRole(text) ? text : 'viewer');

export const unknownRole = (): Rejection =>
  reject('UNKNOWN_ROLE', 'role', `the role must be one of ${ROLES.join(', ')}`);

export const userNotFound = (id: string): Rejection =>
  reject('USER_NOT_FOUND', null, `there is no user ${id}`);

/** The state with some of a user changed; as it was where there is no such user. */
export function withUser(state: ConfigState, id: string, change: (user: User) => Partial<User>): ConfigState {
  const user = state.users.get(id);
  return user === undefined
    ? state
    : { ...state, users: state.users.set(user.id, { ...user, ...change(user) }) };
}
