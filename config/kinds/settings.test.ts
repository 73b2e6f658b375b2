import { describe, expect, it } from 'vitest';
import type { Actor } from '../../schemas/index.ts';
import {
  acceptInvitation,
  change,
  createSource,
  given,
  inviteUser,
  rejectionOf,
  when,
} from '../testing/given.ts';

interface Changes {
  readonly changeReasonRequired?: boolean;
  readonly approvalRequired?: boolean;
  readonly requestsPerMinute?: number;
  readonly deduplicationHours?: number;
}
const update = (changes: Changes, id = 'settings') =>
  change(id, {
    'signal.config.UpdateSettings': {
      changeReasonRequired: changes.changeReasonRequired ?? null,
      approvalRequired: changes.approvalRequired ?? null,
      requestsPerMinute: changes.requestsPerMinute ?? null,
      deduplicationHours: changes.deduplicationHours ?? null,
    },
  });

describe('updating the settings', () => {
  it('changes what is given and leaves the rest', () => {
    const { state } = given(update({ requestsPerMinute: 100 }), update({ approvalRequired: true }));
    expect(state.settings).toMatchObject({
      version: 2,
      changeReasonRequired: false,
      approvalRequired: true,
      requestsPerMinute: 100,
    });
  });

  it.each([
    ['another id', update({ approvalRequired: true }, 'set_1'), 'INVALID_ID'],
    ['no requests at all', update({ requestsPerMinute: 0 }), 'INVALID_RATE_LIMIT'],
    ['less than nothing to remember', update({ deduplicationHours: -1 }), 'INVALID_SETTING'],
    ['more than two days to remember', update({ deduplicationHours: 49 }), 'INVALID_SETTING'],
    ['what is so already', update({ approvalRequired: false, deduplicationHours: 24 }), 'NOTHING_CHANGED'],
  ])('refuses %s', (_, options, code) => {
    expect(rejectionOf(given().state, options).code).toBe(code);
  });

  it('can be made on the condition that nobody did before', () => {
    const { state } = given(update({ requestsPerMinute: 100 }));
    expect(rejectionOf(state, { ...update({ requestsPerMinute: 5 }), expectedVersion: 0 })).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: 1,
    });
  });
});

describe('a reason, where it is required,', () => {
  const { state } = given(inviteUser('usr_a', { role: 'owner' }), update({ changeReasonRequired: true }));
  const system: Actor = { kind: 'system', id: 'system', name: null, ip: null };

  it('must stand with every change', () => {
    expect(rejectionOf(state, createSource('src_a'))).toMatchObject({
      code: 'REASON_REQUIRED',
      field: 'reason',
    });
    expect(rejectionOf(state, update({ changeReasonRequired: false })).code).toBe('REASON_REQUIRED');
    expect(when(state, { ...createSource('src_a'), reason: 'launch' })).toHaveProperty('events');
  });

  it("need not stand with what is nobody's decision", () => {
    expect(when(state, acceptInvitation('usr_a'))).toHaveProperty('events');
    expect(when(state, { ...createSource('src_a'), actor: system })).toHaveProperty('events');
  });
});
