import { afterEach, beforeEach, expect, it } from 'vitest';
import { showEvent } from '../../config/index.ts';
import { EVERY_KIND } from '../../config/testing/every-kind.ts';
import { given } from '../../config/testing/given.ts';
import { type Running, start } from '../testing/harness.ts';
import { join } from '../testing/people.ts';
import { send } from '../testing/send.ts';
import { destroyForgotten, secretsIn, WITH_SECRETS } from './forgotten.ts';

let running: Running;

beforeEach(async () => {
  running = await start();
});

afterEach(() => running.stop());

const isThere = (sealed: string) =>
  running.vault.open(sealed).then(
    () => true,
    () => false,
  );

const rotate = async (id: string): Promise<string> => {
  const { sealed } = await running.vault.seal('another-secret');
  // As if the process had ended before it came to destroying the one before.
  const result = await running.commands.submit({
    commandId: `rotate ${sealed}`,
    resourceId: id,
    expectedVersion: null,
    time: Date.now(),
    actor: { kind: 'system', id: 'test', name: null, ip: null },
    reason: null,
    payload: { 'signal.config.RotateCredentials': { secrets: { auth_token: sealed }, fingerprints: {} } },
  });
  expect(result.kind).toBe('accepted');
  return sealed;
};

it('what a process left behind is destroyed at the next start, and nothing else is', async () => {
  const body = {
    vendor: 'webhook',
    name: 'Sink',
    config: { url: 'https://sink.example/in', authentication: 'bearer', auth_token: 'a-secret' },
  };
  const { id } = (await send(running, 'POST', '/integrations', { body })).json();
  const { id: user } = await join(running, 'ada@example.com', 'owner');
  const first = running.projection.current.integrations.get(id)?.secrets.get('auth_token') ?? '';
  const second = await rotate(id);
  const { sealed: underWay } = await running.vault.seal('of a command to come');
  const password = running.projection.current.users.get(user)?.passwordHash ?? '';

  expect(await destroyForgotten(running.vault, running.projection)).toBe(1);
  expect(await Promise.all([first, second, underWay, password].map(isThere))).toEqual([
    false,
    true,
    true,
    true,
  ]);
  expect(await destroyForgotten(running.vault, running.projection)).toBe(0);
});

it('looks into every kind of event that brings a secret', () => {
  const { events } = given(...EVERY_KIND);
  const sealed = (text: string): boolean => text.includes('"v1.sec_');
  const bringing = events.filter((event) => secretsIn(event).length > 0 || sealed(JSON.stringify(event)));
  expect(bringing.length).toBeGreaterThan(3);
  for (const event of bringing) expect([...WITH_SECRETS]).toContain(showEvent(event).label);
});
