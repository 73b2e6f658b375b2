import { randomBytes } from 'node:crypto';
import { type CommandPayload, type User, userByEmail, userId } from '../../config/index.ts';
import type { ApiContext } from '../deps.ts';
import { apiError } from '../errors.ts';
import { tokenHash } from '../http/auth.ts';
import type { Identity } from './oidc-login.ts';

/**
 * The user that an identity stands for, made or changed to what the provider says where roles are mapped. Throws
 * `LOGIN_NOT_PERMITTED` for one who may not log in.
 */
export async function admit(context: ApiContext, identity: Identity, rolesAreMapped: boolean): Promise<User> {
  const { projection, ids, clock } = context;
  const find = (): User | undefined => userByEmail(projection.current, identity.email);
  const known = find();
  const isOwner = known?.role === 'owner';
  if (known?.status === 'disabled') throw apiError('LOGIN_NOT_PERMITTED', 'the account is disabled');
  if (known === undefined && identity.role === undefined)
    throw apiError('LOGIN_NOT_PERMITTED', 'nobody has invited this address');
  if (rolesAreMapped && identity.role === undefined && !isOwner)
    throw apiError('LOGIN_NOT_PERMITTED', 'the identity provider gives no role');

  const id = known?.id ?? ids.resource(userId.prefix);
  if (known === undefined) {
    // Nobody gets this invitation: the provider has proven the address already.
    const invitationHash = tokenHash(randomBytes(32).toString('hex'));
    const { email, name, role = '' } = identity;
    const invitationExpiresAt = clock.now() + 60_000;
    await change(context, id, {
      'signal.config.InviteUser': { email, name, role, invitationHash, invitationExpiresAt },
    });
  }
  if (known?.status !== 'active')
    await change(context, id, {
      'signal.config.AcceptInvitation': { invitationHash: null, passwordHash: null },
    });
  if (known !== undefined && !isOwner && identity.role !== undefined && identity.role !== known.role)
    await change(context, id, { 'signal.config.ChangeUserRole': { role: identity.role } });

  const user = find();
  if (user?.status !== 'active') throw apiError('LOGIN_NOT_PERMITTED', 'the account is not active');
  return user;
}

async function change(
  { commands, ids, clock }: ApiContext,
  id: string,
  payload: CommandPayload,
): Promise<void> {
  const result = await commands.submit({
    commandId: ids.uuid(),
    resourceId: id,
    expectedVersion: null,
    time: clock.now(),
    actor: { kind: 'system', id: 'oidc', name: 'The identity provider', ip: null },
    reason: 'As the identity provider says',
    payload,
  });
  if (result.kind === 'rejected') throw apiError('LOGIN_NOT_PERMITTED', result.rejection.message);
}
