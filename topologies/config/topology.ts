import type { Catalog, ConfigState } from '../../config/index.ts';
import { keyValueStore, type StreamsBuilder, serdes } from '../../streams/index.ts';
import { Decider, EVENTS_STORE, OUTCOMES_STORE } from './decider.ts';
import { CONFIG_TOPICS, type ConfigSerdes } from './topics.ts';

export interface ConfigTopologyDeps {
  readonly catalog: Catalog;
  readonly serdes: ConfigSerdes;
  /** The configuration as this process has it anyway. */
  readonly projection?: { readonly current: ConfigState } | undefined;
}

/**
 * Decides what people ask for, in one order for all:
 *
 *   config-commands ──► DECIDE ──► config-events
 *                              └──► config-outcomes
 */
export function configTopology(builder: StreamsBuilder, deps: ConfigTopologyDeps): void {
  const text = serdes.string();
  const { command, event, outcome } = deps.serdes;
  builder.addStateStore(keyValueStore({ name: EVENTS_STORE, key: serdes.long(), value: event }));
  builder.addStateStore(keyValueStore({ name: OUTCOMES_STORE, key: text, value: outcome }));

  const decided = builder
    .stream(CONFIG_TOPICS.commands, { key: text, value: command, name: 'READ-COMMANDS' })
    .process(() => new Decider(deps.catalog, deps.projection), {
      name: 'DECIDE',
      stores: [EVENTS_STORE, OUTCOMES_STORE],
    });

  decided
    .flatMap((_, { events }) => events.map((each) => [each.resourceId, each]), { name: 'EVENTS' })
    .to(CONFIG_TOPICS.events, { key: text, value: event, name: 'WRITE-EVENTS' });

  decided
    .map((_, { outcome: answer }) => [answer.commandId, answer], { name: 'OUTCOMES' })
    .to(CONFIG_TOPICS.outcomes, { key: text, value: outcome, name: 'WRITE-OUTCOMES' });
}
