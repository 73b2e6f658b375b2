import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIG_COMMAND_SCHEMA } from '../../schemas/index.ts';
import { avroSerde, memoryRegistry } from '../../streams/index.ts';
import { fold } from '../evolve.ts';
import { EMPTY_STATE } from '../state.ts';
import { anyCommands } from '../testing/any-command.ts';
import {
  applyChanges,
  type CommandOptions,
  change,
  command,
  createPipeline,
  createSource,
  given,
  installIntegration,
  rejectionOf,
  SOMEONE,
  updateSource,
  when,
} from '../testing/given.ts';
import { plain } from '../testing/plain.ts';

const shop = [
  createSource('src_a', { name: 'Shop' }),
  installIntegration('int_a', { name: 'Acme' }),
  createPipeline('pip_a', { sourceId: 'src_a', integrationId: 'int_a' }),
];

describe('several changes at once', () => {
  it('are decided each on what those before it left, and are ordinary events', () => {
    const asOne = given({ ...applyChanges(shop), commandId: 'set', reason: 'Opening', time: 5 });
    const asMany = given(...shop.map((each) => ({ ...each, commandId: 'set', reason: 'Opening', time: 5 })));
    expect(asOne.events).toEqual(asMany.events);
    expect(asOne.events.map(({ sequence, resourceId }) => [sequence, resourceId])).toEqual([
      [1, 'src_a'],
      [2, 'int_a'],
      [3, 'pip_a'],
    ]);
    for (const event of asOne.events)
      expect(event).toMatchObject({ commandId: 'set', reason: 'Opening', actor: SOMEONE, time: 5 });
  });

  it('are refused all where one is, by the path of that one', () => {
    const twice = applyChanges([...shop, createSource('src_b', { name: 'shop' })]);
    expect(when(EMPTY_STATE, twice)).toEqual({
      rejection: expect.objectContaining({ code: 'NAME_TAKEN', field: 'changes[3].name' }),
    });
    const unknown = applyChanges([change('src_x', { 'signal.config.DeleteSource': {} })]);
    expect(rejectionOf(EMPTY_STATE, unknown)).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      field: 'changes[0]',
    });
  });

  it('count on in the versions of a resource that several of them change', () => {
    const { events, state } = given(
      createSource('src_a', { name: 'Shop' }),
      applyChanges(['One', 'Two'].map((name) => updateSource('src_a', { name }))),
    );
    expect(events.map(({ resourceVersion }) => resourceVersion)).toEqual([1, 2, 3]);
    expect(state.sources.get('src_a')).toMatchObject({ name: 'Two', version: 3 });
  });

  it('leave out what would change nothing, and are refused as nothing where all would', () => {
    const { state } = given(...shop);
    const same = change('pip_a', { 'signal.config.EnablePipeline': {} });
    const other = change('int_a', { 'signal.config.PauseIntegration': {} });
    expect(when(state, applyChanges([same, other]))).toMatchObject({
      events: [{ resourceId: 'int_a', sequence: 4 }],
    });
    expect(rejectionOf(state, applyChanges([same])).code).toBe('NOTHING_CHANGED');
    expect(rejectionOf(state, applyChanges([])).code).toBe('NOTHING_CHANGED');
  });

  it('are refused where the configuration is another one than they were composed for', () => {
    const { state } = given(...shop);
    const pause = [change('int_a', { 'signal.config.PauseIntegration': {} })];
    expect(rejectionOf(state, applyChanges(pause, 2))).toMatchObject({
      code: 'CONFIG_MOVED',
      field: 'configVersion',
      currentVersion: 3,
    });
    expect(when(state, applyChanges(pause, 3))).toHaveProperty('events');
  });

  it('must say why where changes have to', () => {
    const { state } = given(
      change('settings', {
        'signal.config.UpdateSettings': {
          changeReasonRequired: true,
          deduplicationHours: null,
          approvalRequired: null,
          requestsPerMinute: null,
        },
      }),
    );
    expect(rejectionOf(state, applyChanges(shop))).toMatchObject({
      code: 'REASON_REQUIRED',
      field: 'reason',
    });
    expect(when(state, { ...applyChanges(shop), reason: 'Opening' })).toHaveProperty('events');
  });

  it('are at most a thousand, about the configuration as a whole', () => {
    const many = applyChanges(Array.from({ length: 1001 }, (_, id) => createSource(`src_${id}`)));
    expect(rejectionOf(EMPTY_STATE, many).code).toBe('TOO_MANY_CHANGES');
    expect(rejectionOf(EMPTY_STATE, { ...applyChanges(shop), resourceId: 'src_a' }).code).toBe('INVALID_ID');
  });

  it('are refused where their events are more than a batch of the log takes', () => {
    const allowedOrigins = Array.from(
      { length: 100 },
      (_, i) => `https://${'x'.repeat(60)}.shop-${i}.example`,
    );
    const ids = Array.from({ length: 80 }, (_, index) => `src_${index}`);
    const { state } = given(
      ...ids.map((id) => createSource(id)),
      ...ids.map((id) => updateSource(id, { allowedOrigins })),
    );
    const slower = ids.map((id) => updateSource(id, { rateLimitRps: 5 }));
    expect(rejectionOf(state, applyChanges(slower)).code).toBe('TOO_MANY_CHANGES');
    expect(when(state, applyChanges(slower.slice(0, 40)))).toHaveProperty('events');
  });

  it('lead where they lead one by one, or nowhere', () => {
    fc.assert(
      fc.property(anyCommands, fc.nat(), (commands, cut) => {
        // What was accepted one by one, all by one actor, is accepted as one.
        const { accepted, state } = oneByOne(commands);
        const at = cut % (accepted.length + 1);
        const before = oneByOne(accepted.slice(0, at)).state;
        const decision = when(before, { ...applyChanges(accepted.slice(at)), reason: 'because' });
        if ('events' in decision) expect(plain(fold(before, decision.events))).toEqual(plain(state));
        else expect([decision.rejection.code, accepted.slice(at)]).toEqual(['NOTHING_CHANGED', []]);

        const refused = change('src_nowhere', { 'signal.config.DeleteSource': {} });
        expect(when(before, applyChanges([...accepted.slice(at), refused]))).toHaveProperty('rejection');
      }),
    );
  });

  it('pass through the log as they are, one within another as well', async () => {
    const serde = await avroSerde({
      schema: CONFIG_COMMAND_SCHEMA,
      subject: 'config-commands-value',
      registry: memoryRegistry(),
    });
    const asked = command(applyChanges([...shop, applyChanges(shop, 7)], 3));
    expect(serde.deserialize(serde.serialize(asked))).toEqual(asked);
  });
});

/** Those that are accepted after one another, by one actor. */
function oneByOne(commands: readonly CommandOptions[]) {
  const accepted: CommandOptions[] = [];
  let state = EMPTY_STATE;
  for (const { resourceId, payload } of commands) {
    const options = { ...change(resourceId, payload), reason: 'because' };
    const decision = when(state, options);
    if ('rejection' in decision) continue;
    state = fold(state, decision.events);
    accepted.push(options);
  }
  return { accepted, state };
}
