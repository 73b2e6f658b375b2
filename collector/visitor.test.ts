import { expect, it } from 'vitest';
import { fakeStorage } from './testing/fake-storage.ts';
import { createVisitor } from './visitor.ts';

it('merges traits of one user, the later value of a key winning', () => {
  const visitor = createVisitor(fakeStorage(), 'anonymousId');
  visitor.know_('userId', 'u1', { email: 'a@acme.com', plan: 'free' });
  expect(visitor.know_('userId', 'u1', { plan: 'pro' })).toEqual({ email: 'a@acme.com', plan: 'pro' });
});

it('does not give one user the traits of another', () => {
  const visitor = createVisitor(fakeStorage(), 'anonymousId');
  visitor.know_('userId', 'u1', { email: 'a@acme.com' });
  expect(visitor.know_('userId', 'u2', { plan: 'pro' })).toEqual({ plan: 'pro' });
  visitor.reset_();
  expect(visitor.know_('userId', 'u2', {})).toEqual({});
});

it('keeps user and group apart', () => {
  const visitor = createVisitor(fakeStorage(), 'anonymousId');
  visitor.know_('userId', 'same', { email: 'a@acme.com' });
  expect(visitor.know_('groupId', 'same', { name: 'Acme' })).toEqual({ name: 'Acme' });
  expect(visitor.ids_()).toMatchObject({ userId: 'same', groupId: 'same' });
});

it('remembers the anonymousId for later pages, but not the user', () => {
  const storage = fakeStorage();
  const visitor = createVisitor(storage, 'anonymousId');
  visitor.know_('userId', 'u1', {});
  visitor.learn_('df_1');
  expect(createVisitor(storage, 'anonymousId').ids_()).toEqual({ anonymousId: 'df_1' });
});

it('is somebody else after a reset', () => {
  const visitor = createVisitor(fakeStorage(), 'anonymousId');
  visitor.know_('userId', 'u1', {});
  visitor.know_('groupId', 'g1', {});
  visitor.learn_('df_1');
  visitor.reset_();
  const { userId, groupId, anonymousId } = visitor.ids_();
  expect([userId, groupId]).toEqual([undefined, undefined]);
  expect(anonymousId).toMatch(/^df_.{36}$/);
  expect(anonymousId).not.toBe('df_1');
});
