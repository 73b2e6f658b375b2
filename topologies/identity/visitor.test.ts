import { describe, expect, it } from 'vitest';
import type { Event, VisitorState } from '../../schemas/index.ts';
import { trackEvent } from '../testing/events.ts';
import { advance } from './visitor.ts';

const visitorAfter = (...events: Event[]): VisitorState =>
  events.reduce<VisitorState | null>(
    (known, event, i) => advance(known, event, 100 + i),
    null,
  ) as VisitorState;

const identify = (userId: string | null, traits: object): Event =>
  trackEvent({ type: 'identify', event: null, userId, traits: JSON.stringify(traits) });

describe('what is known of a visitor', () => {
  it('remembers user and traits of an identify for later events', () => {
    const visitor = visitorAfter(identify('u1', { email: 'a@b.c' }), trackEvent());
    expect(visitor).toMatchObject({
      userId: 'u1',
      traits: '{"email":"a@b.c"}',
      firstSeen: 100,
      lastSeen: 101,
    });
  });

  it('merges traits key by key, later ones over earlier ones', () => {
    const visitor = visitorAfter(identify('u1', { a: 1, b: 1 }), identify('u1', { b: 2, c: 3 }));
    expect(JSON.parse(visitor.traits)).toEqual({ a: 1, b: 2, c: 3 });
  });

  it('keeps traits that were given before the user was known', () => {
    expect(JSON.parse(visitorAfter(identify(null, { a: 1 }), identify('u1', { b: 2 })).traits)).toEqual({
      a: 1,
      b: 2,
    });
  });

  it('never shows the traits of one user on another', () => {
    expect(visitorAfter(identify('u1', { email: 'one' }), trackEvent({ userId: 'u2' }))).toMatchObject({
      userId: 'u2',
      traits: '{}',
    });
  });

  it('keeps group traits apart, and forgets them with the group', () => {
    const group = (groupId: string, traits: object): Event =>
      trackEvent({ type: 'group', groupId, traits: JSON.stringify(traits) });
    expect(visitorAfter(group('g1', { plan: 'pro' }))).toMatchObject({
      groupTraits: '{"plan":"pro"}',
      traits: '{}',
    });
    expect(visitorAfter(group('g1', { plan: 'pro' }), group('g2', {}))).toMatchObject({
      groupId: 'g2',
      groupTraits: '{}',
    });
  });

  it('collects click ids and vendor ids', () => {
    const visitor = visitorAfter(
      trackEvent({ context: { clickIds: { gclid: '1' }, vendorIds: { ga: 'x' } } }),
      trackEvent({ context: { clickIds: { gclid: '2', fbclid: '3' } } }),
    );
    expect(visitor).toMatchObject({ clickIds: { gclid: '2', fbclid: '3' }, vendorIds: { ga: 'x' } });
  });

  it('takes a trait named __proto__ for what it is, a name', () => {
    const hostile = trackEvent({ type: 'identify', userId: 'u', traits: '{"__proto__":{"admin":true}}' });
    const visitor = visitorAfter(identify('u', { a: 1 }), hostile, identify('u', { b: 2 }));
    expect(visitor.traits).toBe('{"a":1,"__proto__":{"admin":true},"b":2}');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});
