import type { Cancellable, Processor, ProcessorContext } from '../../processor.ts';
import type { StreamRecord } from '../../record.ts';
import { type KeyValueStore, keyValueStore } from '../../state/key-value-store.ts';
import { type GoldenTopology, input, long, strings, type Text, text } from './golden-topology.ts';

/** Numbers each key's records; two stream-time schedules, one of which empties the store, one cancels itself. */
class CountWithPunctuators implements Processor<Text, Text, Text, Text> {
  private context!: ProcessorContext<Text, Text>;
  private counts!: KeyValueStore<string, number>;
  private calls = 0;

  init(context: ProcessorContext<Text, Text>): void {
    this.context = context;
    this.counts = context.store('n');
    context.schedule(10, 'stream-time', (time) => this.report(time));
    const second: Cancellable = context.schedule(4, 'stream-time', (time) => {
      context.forward({ key: 'B', value: `ts=${time}`, timestamp: time, headers: [] });
      if (++this.calls === 3) second.cancel();
    });
  }

  process(record: StreamRecord<Text, Text>): void {
    if (record.key !== null) this.counts.put(record.key, (this.counts.get(record.key) ?? 0) + 1);
    this.context.forward({ ...record, value: `${record.value}@${this.context.streamTime}` });
  }

  private report(time: number): void {
    const all = this.counts.all();
    const value = `ts=${time} ${all.map(([key, count]) => `${key}=${count}`).join(',')}`;
    this.context.forward({ key: 'A', value, timestamp: time, headers: [] });
    for (const [key] of all) this.counts.delete(key);
  }
}

/** Two wall-clock schedules, of which the second cancels itself. */
class WallClockReports implements Processor<Text, Text, Text, Text> {
  private calls = 0;

  init(context: ProcessorContext<Text, Text>): void {
    const report = (key: string, time: number): void =>
      context.forward({ key, value: `ts=${time}`, timestamp: time, headers: [] });
    context.schedule(10, 'wall-clock-time', (time) => report('A', time));
    const second: Cancellable = context.schedule(4, 'wall-clock-time', (time) => {
      report('B', time);
      if (++this.calls === 2) second.cancel();
    });
  }

  process(): void {
    // Only time makes it speak.
  }
}

interface VisitorEvent {
  readonly event: string;
  readonly amount?: number;
  readonly traits?: Readonly<Record<string, string>>;
}

interface Profile {
  readonly count: number;
  readonly lastSeen: number;
  readonly total: number;
  readonly traits: Readonly<Record<string, string>>;
}

type Enriched = VisitorEvent & Profile & { readonly newTraits: boolean };

const NEW_PROFILE: Profile = { count: 0, lastSeen: 0, total: 0, traits: {} };

const alphabetical = (traits: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(traits).sort(([a], [b]) => (a < b ? -1 : 1)));

class KeepProfile implements Processor<string, VisitorEvent, string, Enriched> {
  private context!: ProcessorContext<string, Enriched>;
  private profiles!: KeyValueStore<string, string>;

  init(context: ProcessorContext<string, Enriched>): void {
    this.context = context;
    this.profiles = context.store('profiles');
  }

  process({ key, value, timestamp, headers }: StreamRecord<string, VisitorEvent>): void {
    const stored = this.profiles.get(key);
    const before: Profile = stored === null ? NEW_PROFILE : JSON.parse(stored);
    const traits = value.traits ?? {};
    const profile: Profile = {
      count: before.count + 1,
      lastSeen: Math.max(before.lastSeen, timestamp),
      total: before.total + (value.amount ?? 0),
      traits: alphabetical({ ...before.traits, ...traits }),
    };
    this.profiles.put(key, JSON.stringify(profile));
    const newTraits = Object.entries(traits).some(([name, trait]) => before.traits[name] !== trait);
    this.context.forward({ key, value: { ...value, ...profile, newTraits }, timestamp, headers });
  }
}

export const processorTopologies: readonly GoldenTopology[] = [
  {
    name: 'process-punctuate-stream-time',
    build(builder) {
      builder.addStateStore(keyValueStore({ name: 'n', key: text, value: long }));
      input(builder, 'in')
        .process(() => new CountWithPunctuators(), { stores: ['n'] })
        .to('out', strings);
    },
  },
  {
    name: 'punctuate-wall-clock',
    build: (builder) =>
      input(builder, 'in')
        .process(() => new WallClockReports())
        .to('out', strings),
  },
  {
    name: 'profile-pipeline',
    build(builder) {
      builder.addStateStore(keyValueStore({ name: 'profiles', ...strings }));
      const enriched = builder
        .stream('in', strings)
        .filter((_, value) => value !== null)
        .mapValues((value): VisitorEvent => JSON.parse(value))
        .process(() => new KeepProfile(), { stores: ['profiles'] })
        .filter((_, event) => event.event !== 'ignore');
      enriched.mapValues(({ event, count }) => JSON.stringify({ event, count })).to('ga', strings);
      enriched
        .filter((_, { amount = 0 }) => amount >= 10)
        .mapValues(({ amount, total }, visitor) => JSON.stringify({ visitor, amount, total }))
        .to('ads', strings);
      enriched
        .filter((_, { newTraits }) => newTraits)
        .map((key, { traits }) => [traits.email ?? key, JSON.stringify({ traits })])
        .to('crm', strings);
    },
  },
];
