import { describe, expect, it } from 'vitest';
import { showEvent } from '../evolve.ts';
import { type ConfigState, userByEmail } from '../state.ts';
import {
  acceptInvitation,
  type CommandOptions,
  change,
  given,
  INVITATION_END,
  inviteUser,
  PASSWORD_HASH,
  rejectionOf,
  when,
} from '../testing/given.ts';

const owner = inviteUser('usr_own', { email: 'owner@example.com', role: 'owner' });
const TEAM = [owner, acceptInvitation('usr_own'), inviteUser('usr_a'), acceptInvitation('usr_a')] as const;

const role = (id: string, to: string) => change(id, { 'signal.config.ChangeUserRole': { role: to } });
const disable = (id: string) => change(id, { 'signal.config.DisableUser': {} });
const enable = (id: string) => change(id, { 'signal.config.EnableUser': {} });
const accept = (id: string, invitationHash: string | null, passwordHash: string | null = PASSWORD_HASH) =>
  change(id, { 'signal.config.AcceptInvitation': { invitationHash, passwordHash } });
const renew = (id: string, email: string) =>
  change(id, {
    'signal.config.RenewInvitation': {
      email,
      invitationHash: '2e'.repeat(32),
      invitationExpiresAt: INVITATION_END,
    },
  });
const password = (id: string, passwordHash: string) =>
  change(id, { 'signal.config.ChangePassword': { passwordHash } });

const user = (state: ConfigState, id: string) => state.users.get(id);

describe('inviting a user', () => {
  it('makes a user who has not accepted yet, found by the address in any case', () => {
    const { state } = given(inviteUser('usr_own', { email: 'Ada@Example.com', role: 'owner' }));
    expect(userByEmail(state, 'aDA@example.COM')).toMatchObject({
      id: 'usr_own',
      status: 'invited',
      passwordHash: null,
    });
    expect(state.ownerId).toBe('usr_own');
  });

  it.each([
    ['no address', inviteUser('usr_b', { email: 'ada' }), 'INVALID_EMAIL', 'email'],
    ['two addresses', inviteUser('usr_b', { email: 'a@b.c,d@e.f' }), 'INVALID_EMAIL', 'email'],
    ['a taken address', inviteUser('usr_b', { email: 'OWNER@example.com' }), 'EMAIL_TAKEN', 'email'],
    ['no name', inviteUser('usr_b', { name: ' ' }), 'INVALID_NAME', 'name'],
    ['a role there is not', inviteUser('usr_b', { role: 'god' }), 'UNKNOWN_ROLE', 'role'],
    ['a second owner', inviteUser('usr_b', { role: 'owner' }), 'OWNER_REQUIRED', 'role'],
    ['an id that exists', inviteUser('usr_a'), 'ID_TAKEN', 'resourceId'],
    [
      'a hash that is none',
      inviteUser('usr_b', { invitationHash: 'x' }),
      'INVALID_INVITATION',
      'invitationHash',
    ],
    [
      'an invitation that has ended',
      { ...inviteUser('usr_b'), time: INVITATION_END },
      'INVALID_EXPIRY',
      'invitationExpiresAt',
    ],
  ])('refuses %s', (_, options: CommandOptions, code, field) => {
    expect(rejectionOf(given(...TEAM).state, options)).toMatchObject({ code, field });
  });

  it('begins with the owner', () => {
    expect(rejectionOf(given().state, inviteUser('usr_a')).code).toBe('OWNER_REQUIRED');
  });

  it('lets names be shared: people have the names they have', () => {
    expect(when(given(...TEAM).state, inviteUser('usr_b', { name: 'usr_a' }))).toHaveProperty('events');
  });
});

describe('an invitation', () => {
  const invited = given(owner, inviteUser('usr_a')).state;

  it('is accepted once, with a password', () => {
    const { state } = given(...TEAM);
    expect(user(state, 'usr_a')).toMatchObject({
      status: 'active',
      invitation: null,
      passwordHash: PASSWORD_HASH,
    });
    expect(rejectionOf(state, acceptInvitation('usr_a')).code).toBe('INVITATION_CLOSED');
  });

  it('needs no proof and no password where somebody else vouches', () => {
    expect(when(invited, { ...accept('usr_a', null, null), time: INVITATION_END })).toHaveProperty('events');
  });

  it.each([
    ['another invitation', accept('usr_a', '3f'.repeat(32)), 'INVALID_INVITATION'],
    ['one that has ended', { ...acceptInvitation('usr_a'), time: INVITATION_END }, 'INVITATION_CLOSED'],
    ['a password in clear', accept('usr_a', null, 'hunter2'), 'INVALID_PASSWORD_HASH'],
    ['a user there is not', acceptInvitation('usr_x'), 'USER_NOT_FOUND'],
  ])('refuses %s', (_, options, code) => {
    expect(rejectionOf(invited, options).code).toBe(code);
  });

  it('is void once another one was sent, which may go to another address', () => {
    const { state } = given(owner, inviteUser('usr_a'), renew('usr_a', 'new@example.com'));
    expect(rejectionOf(state, acceptInvitation('usr_a')).code).toBe('INVALID_INVITATION');
    expect(when(state, accept('usr_a', '2e'.repeat(32)))).toHaveProperty('events');
    expect(userByEmail(state, 'new@example.com')?.id).toBe('usr_a');
    expect(when(state, inviteUser('usr_b', { email: 'usr_a@example.com' }))).toHaveProperty('events');
  });

  it('can be sent again to the same address, but not to a taken one, nor to who has accepted', () => {
    expect(when(invited, renew('usr_a', 'USR_A@example.com'))).toHaveProperty('events');
    expect(rejectionOf(invited, renew('usr_a', 'owner@example.com')).code).toBe('EMAIL_TAKEN');
    expect(rejectionOf(given(...TEAM).state, renew('usr_a', 'a@b.c')).code).toBe('INVITATION_CLOSED');
  });
});

describe('a role', () => {
  it('is changed', () => {
    expect(user(given(...TEAM, role('usr_a', 'auditor')).state, 'usr_a')?.role).toBe('auditor');
  });

  it('of owner passes on, in one step: the old owner becomes an admin', () => {
    const { state, events } = given(...TEAM, role('usr_a', 'owner'));
    expect([state.ownerId, user(state, 'usr_a')?.role, user(state, 'usr_own')?.role]).toEqual([
      'usr_a',
      'owner',
      'admin',
    ]);
    expect(events.slice(-2).map(({ resourceId, resourceVersion }) => [resourceId, resourceVersion])).toEqual([
      ['usr_own', 3],
      ['usr_a', 3],
    ]);
  });

  it.each([
    ['that there is not', role('usr_a', 'god'), 'UNKNOWN_ROLE'],
    ['the user has', role('usr_a', 'editor'), 'NOTHING_CHANGED'],
    ['for the owner, who would leave none', role('usr_own', 'admin'), 'OWNER_REQUIRED'],
    ['of owner for who has not accepted', role('usr_b', 'owner'), 'USER_NOT_ACTIVE'],
    ['for a user there is not', role('usr_x', 'admin'), 'USER_NOT_FOUND'],
  ])('is refused %s', (_, options, code) => {
    expect(rejectionOf(given(...TEAM, inviteUser('usr_b')).state, options).code).toBe(code);
  });
});

describe('disabling', () => {
  it('ends logins until enabled again', () => {
    const { state } = given(...TEAM, disable('usr_a'));
    expect(user(state, 'usr_a')?.status).toBe('disabled');
    expect(rejectionOf(state, disable('usr_a')).code).toBe('NOTHING_CHANGED');
    expect(rejectionOf(state, password('usr_a', PASSWORD_HASH)).code).toBe('USER_NOT_ACTIVE');
    expect(user(given(...TEAM, disable('usr_a'), enable('usr_a')).state, 'usr_a')?.status).toBe('active');
  });

  it('withdraws an open invitation, and enabling opens it again', () => {
    const withdrawn = given(...TEAM, inviteUser('usr_b'), disable('usr_b'));
    expect(rejectionOf(withdrawn.state, acceptInvitation('usr_b')).code).toBe('INVITATION_CLOSED');
    const { state } = given(...TEAM, inviteUser('usr_b'), disable('usr_b'), enable('usr_b'));
    expect(when(state, acceptInvitation('usr_b'))).toHaveProperty('events');
  });

  it('is refused for the owner', () => {
    expect(rejectionOf(given(...TEAM).state, disable('usr_own')).code).toBe('OWNER_REQUIRED');
  });

  it('is undone only where it was done', () => {
    expect(rejectionOf(given(...TEAM).state, enable('usr_a')).code).toBe('NOTHING_CHANGED');
  });
});

it('a password is changed, and shown to nobody, nor is an invitation', () => {
  const sealed = `v1.sec_1.${'x'.repeat(40)}`;
  const { state, events } = given(...TEAM, password('usr_a', sealed));
  expect(user(state, 'usr_a')?.passwordHash).toBe(sealed);
  expect(rejectionOf(state, password('usr_a', 'hunter2')).code).toBe('INVALID_PASSWORD_HASH');
  const shown = JSON.stringify(events.map(showEvent));
  for (const secret of [PASSWORD_HASH, sealed, '1d1d1d']) expect(shown).not.toContain(secret);
});
