import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type CommandPayload,
  ConfigProjection,
  DEFAULT_SOURCE_SETTINGS,
  decide,
} from '../../config/index.ts';
import { SigningSecrets } from './signing-secrets.ts';

let projection: ConfigProjection;
let broken: Set<string>;
let opened: string[];
let secrets: SigningSecrets | undefined;
const onError = vi.fn();

const open = async (sealed: string): Promise<string> => {
  opened.push(sealed);
  if (broken.has(sealed)) throw new Error('not to be read');
  return `clear ${sealed}`;
};

function happens(payload: CommandPayload): void {
  const actor = { kind: 'system', id: 'test', name: null, ip: null } as const;
  const meta = { commandId: 'c', resourceId: 'src_a', expectedVersion: null, time: 0, actor, reason: null };
  const decision = decide(projection.current, { ...meta, payload }, { catalog: new Map() });
  if ('rejection' in decision) throw new Error(decision.rejection.message);
  for (const event of decision.events) projection.apply(event);
}

const add = (secret: string) =>
  happens({ 'signal.config.AddSigningSecret': { secret, fingerprint: `fp ${secret}` } });
const revoke = (secret: string) =>
  happens({ 'signal.config.RevokeSigningSecret': { fingerprint: `fp ${secret}` } });

const start = async (): Promise<SigningSecrets> => {
  secrets = await SigningSecrets.start({ projection, open, onError, retryMs: 5 });
  return secrets;
};

beforeEach(() => {
  projection = new ConfigProjection();
  broken = new Set();
  opened = [];
  onError.mockReset();
  happens({
    'signal.config.CreateSource': {
      name: 'Shop',
      type: 'server',
      pipelineKey: 'dk_live_000000000001',
      ...DEFAULT_SOURCE_SETTINGS,
    },
  });
});

afterEach(() => secrets?.close());

it('are there from the start, newest first, and of no other source', async () => {
  add('one');
  add('two');
  const found = await start();
  expect(found.of('src_a')).toEqual(['clear two', 'clear one']);
  expect(found.of('src_b')).toEqual([]);
  expect(found.of('__proto__')).toEqual([]);
});

it('appear when they are made and are gone with the very event that revokes them', async () => {
  const found = await start();
  add('one');
  await vi.waitFor(() => expect(found.of('src_a')).toEqual(['clear one']));
  revoke('one');
  expect(found.of('src_a')).toEqual([]);
});

it('are gone when their source is deleted', async () => {
  add('one');
  const found = await start();
  happens({ 'signal.config.DeleteSource': {} });
  expect(found.of('src_a')).toEqual([]);
});

it('are opened once, whatever else changes', async () => {
  add('one');
  await start();
  add('two');
  happens({ 'signal.config.RotateSourceKey': { pipelineKey: 'dk_live_000000000002' } });
  await vi.waitFor(() => expect(opened).toEqual(['one', 'two']));
});

it('are tried again when they could not be read, and hold up nothing meanwhile', async () => {
  add('one');
  add('two');
  broken.add('two');
  const found = await start();
  expect(found.of('src_a')).toEqual(['clear one']);
  expect([found.lacks('src_a'), found.lacks('src_b')]).toEqual([true, false]);
  expect(onError).toHaveBeenCalledWith('src_a', expect.any(Error));
  const heard = vi.fn();
  found.subscribe(heard);
  broken.clear();
  await vi.waitFor(() => expect(found.of('src_a')).toEqual(['clear two', 'clear one']));
  expect(found.lacks('src_a')).toBe(false);
  expect(heard).toHaveBeenCalledOnce();
});

it('lack one while it is being read, which whoever uses it at once is not to be refused for', async () => {
  const found = await start();
  add('one');
  expect(found.lacks('src_a')).toBe(true);
  await vi.waitFor(() => expect(found.lacks('src_a')).toBe(false));
});
