import { expect, it } from 'vitest';
import { ConfigProjection, decide } from '../../config/index.ts';
import { Suspend } from '../../streams/index.ts';
import { configuredRules } from './configured-rules.ts';

const projection = new ConfigProjection();

function setPolicy(defaultPolicy: string): void {
  const actor = { kind: 'system', id: 'test', name: null, ip: null } as const;
  const meta = { commandId: 'c', resourceId: 'consent', expectedVersion: null, time: 0, actor, reason: null };
  const payload = { 'signal.config.UpdateConsent': { categories: null, defaultPolicy } };
  const decision = decide(projection.current, { ...meta, payload }, { catalog: new Map() });
  if ('rejection' in decision) throw new Error(decision.rejection.message);
  for (const event of decision.events) projection.apply(event);
}

it('an event is governed by the rules it was accepted under, whatever they are by now', () => {
  const rulesAt = configuredRules(projection);
  setPolicy('strip');
  setPolicy('drop');
  expect([0, 1, 2].map((version) => rulesAt(version).consent.defaultPolicy)).toEqual([
    'allow',
    'strip',
    'drop',
  ]);
});

it('an event accepted under rules that are not known here yet waits for them', () => {
  expect(() => configuredRules(projection)(3)).toThrow(Suspend);
});
