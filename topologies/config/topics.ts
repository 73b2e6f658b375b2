import {
  COMMAND_OUTCOME_SCHEMA,
  CONFIG_COMMAND_SCHEMA,
  CONFIG_EVENT_SCHEMA,
  type CommandOutcome,
  type ConfigCommand,
  type ConfigEvent,
} from '../../schemas/index.ts';
import { avroSerde, type SchemaRegistry, type Serde, type TopicSpec } from '../../streams/index.ts';

export const CONFIG_TOPICS = {
  commands: 'config-commands',
  events: 'config-events',
  outcomes: 'config-outcomes',
  checkpoints: 'config-checkpoints',
} as const;

/** One partition each: their order is the order of the configuration. */
export const topicsOfConfig: readonly TopicSpec[] = [
  { name: CONFIG_TOPICS.commands, partitions: 1 },
  // The audit trail: no retention, no compaction.
  { name: CONFIG_TOPICS.events, partitions: 1 },
  // What was signed of it. As old as the trail itself, or nothing proves how it was.
  { name: CONFIG_TOPICS.checkpoints, partitions: 1 },
  // Read by whoever waits for an answer, and by nobody later.
  { name: CONFIG_TOPICS.outcomes, partitions: 1, retentionMs: 24 * 3600 * 1000 },
];

export interface ConfigSerdes {
  readonly command: Serde<ConfigCommand>;
  readonly event: Serde<ConfigEvent>;
  readonly outcome: Serde<CommandOutcome>;
}

export async function configSerdes(registry: SchemaRegistry): Promise<ConfigSerdes> {
  const [command, event, outcome] = await Promise.all([
    avroSerde({ schema: CONFIG_COMMAND_SCHEMA, subject: `${CONFIG_TOPICS.commands}-value`, registry }),
    avroSerde({ schema: CONFIG_EVENT_SCHEMA, subject: `${CONFIG_TOPICS.events}-value`, registry }),
    avroSerde({ schema: COMMAND_OUTCOME_SCHEMA, subject: `${CONFIG_TOPICS.outcomes}-value`, registry }),
  ]);
  return { command, event, outcome };
}
