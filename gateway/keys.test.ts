import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type CommandPayload,
  ConfigProjection,
  DEFAULT_SOURCE_SETTINGS,
  decide,
  UNCHANGED_SETTINGS,
} from '../config/index.ts';
import { configuredSources } from './configured-sources.ts';
import { post, startGateway, type TestGateway } from './testing/harness.ts';

const OLD = 'dk_live_000000000001';
const NEW = 'dk_live_000000000002';

let projection: ConfigProjection;
let gateway: TestGateway;

beforeEach(async () => {
  projection = new ConfigProjection();
  gateway = await startGateway({
    config: configuredSources(projection, () => []),
    clock: { now: () => 1_000_000 },
  });
  happens({
    'signal.config.CreateSource': {
      name: 'Shop',
      type: 'server',
      pipelineKey: OLD,
      ...DEFAULT_SOURCE_SETTINGS,
    },
  });
});

afterEach(() => gateway.close());

function happens(payload: CommandPayload): void {
  const actor = { kind: 'system', id: 'test', name: null, ip: null } as const;
  const meta = { commandId: 'c', resourceId: 'src_a', expectedVersion: null, time: 0, actor, reason: null };
  const decision = decide(projection.current, { ...meta, payload }, { catalog: new Map() });
  if ('rejection' in decision) throw new Error(decision.rejection.message);
  for (const event of decision.events) projection.apply(event);
}

const statusWith = async (key: string): Promise<number> => {
  const body = { event: 'Order Completed', anonymousId: 'df_1' };
  return (await post(`${gateway.url}/v1/t`, body, { authorization: `Bearer ${key}` })).status;
};

it('two keys are taken during a rotation, and a revoked one is refused from the next request on', async () => {
  expect([await statusWith(OLD), await statusWith(NEW)]).toEqual([200, 401]);
  happens({ 'signal.config.RotateSourceKey': { pipelineKey: NEW } });
  expect([await statusWith(OLD), await statusWith(NEW)]).toEqual([200, 200]);
  happens({ 'signal.config.RevokeSourceKey': { pipelineKey: OLD } });
  expect([await statusWith(OLD), await statusWith(NEW)]).toEqual([401, 200]);
  expect(new Set(gateway.events().map(({ sourceId }) => sourceId))).toEqual(new Set(['src_a']));
});

it('a deleted source is refused from the next request on', async () => {
  happens({ 'signal.config.DeleteSource': {} });
  expect(await statusWith(OLD)).toBe(401);
  expect(gateway.events()).toEqual([]);
});

it("a source's own rate limit counts instead of the gateway's", async () => {
  happens({ 'signal.config.UpdateSource': { name: null, rateLimitRps: 1, ...UNCHANGED_SETTINGS } });
  expect([await statusWith(OLD), await statusWith(OLD)]).toEqual([200, 429]);
});
