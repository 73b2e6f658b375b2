import { describe, expect, it } from 'vitest';
import { CONFIG_EVENT_SCHEMA, type ConfigEvent } from '../schemas/index.ts';
import { avroSerde, memoryRegistry } from '../streams/index.ts';
import { fold, showEvent } from './evolve.ts';
import { EVENT_KINDS } from './kinds/index.ts';
import { eventIn } from './payload.ts';
import { EMPTY_STATE } from './state.ts';
import { EVERY_KIND } from './testing/every-kind.ts';
import { given } from './testing/given.ts';
import { factsOf } from './testing/plain.ts';
import { type StoredLog, storedLogs } from './testing/stored-log.ts';

const logs = await storedLogs();

/** What today's software reads of a log that earlier software wrote, the way a topic gives it. */
async function asReadToday({ schema, events }: StoredLog): Promise<ConfigEvent[]> {
  const registry = memoryRegistry();
  const subject = 'config-events-value';
  const writer = await avroSerde<ConfigEvent>({ schema: JSON.parse(schema), subject, registry });
  const reader = await avroSerde({ schema: CONFIG_EVENT_SCHEMA, subject, registry });
  return events.map((event) => reader.deserialize(writer.serialize(event)));
}

describe.each(logs)('the log $name', (log) => {
  it('folds to what it meant when it was written', async () => {
    const state = fold(EMPTY_STATE, await asReadToday(log));
    expect(JSON.parse(JSON.stringify(factsOf(state)))).toMatchObject(log.expected);
  });

  it('can be shown to auditors, every event of it', async () => {
    for (const event of await asReadToday(log)) {
      const { label, payload } = showEvent(event);
      expect(label).toMatch(/^[a-z_]+\.[a-z_]+$/);
      expect(JSON.parse(JSON.stringify(payload))).toEqual(payload);
    }
  });
});

describe('the stored logs', () => {
  it('begin with the first release', () => {
    expect(logs[0]?.name).toBe('0001-first-release');
  });

  it('hold the shapes that events have now: if not, run `npm run fixture:config -- <what-changed>`', () => {
    expect(JSON.parse(logs.at(-1)?.schema ?? '')).toEqual(JSON.parse(JSON.stringify(CONFIG_EVENT_SCHEMA)));
  });
});

it('the history of every kind is one', () => {
  const { events } = given(...EVERY_KIND);
  const happened = new Set(events.map((event) => eventIn(event.payload).name));
  expect(Object.keys(EVENT_KINDS).filter((name) => !happened.has(name as never))).toEqual([]);
});
