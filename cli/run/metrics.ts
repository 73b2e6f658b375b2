import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { CONFIG_TOPICS } from '../../topologies/config/index.ts';
import { deliveryTopic, TOPICS } from '../../topologies/topics.ts';
import { type ConsumerGroup, consumerLag, type PartitionLag } from './consumer-lag.ts';
import type { Foundation } from './foundation.ts';
import { PROCESSOR_GROUP } from './processor.ts';

/** Lag of every consumer group there is under the configuration as it is now. */
export async function currentLag({ log, projection }: Foundation): Promise<PartitionLag[]> {
  const deliveries = [...projection.current.integrations.values()].map(
    ({ id }): ConsumerGroup => ({ group: `signal-delivery-${id}`, topics: [deliveryTopic(id)] }),
  );
  return consumerLag(log, [
    { group: 'signal-config', topics: [CONFIG_TOPICS.commands] },
    { group: PROCESSOR_GROUP, topics: [TOPICS.rawEvents, TOPICS.enrichedEvents] },
    ...deliveries,
  ]);
}

/** How long the other metrics wait for the log. */
const LAG_MS = 1000;

/** Empty where the log does not say in time: what else there is to know of the process is wanted most when the log
 * cannot be reached. */
async function lagInTime(foundation: Foundation): Promise<PartitionLag[]> {
  const lag = currentLag(foundation).catch(() => []);
  return Promise.race([lag, sleep(LAG_MS, [], { ref: false })]);
}

/** What is measured of the process as a whole; the rooms add their own. */
export function registerProcessMetrics(foundation: Foundation): Registry {
  const { register } = foundation;
  collectDefaultMetrics({ register });
  register.registerMetric(
    new Gauge({
      name: 'signal_consumer_lag',
      help: 'Records a consumer group has still to process.',
      labelNames: ['group', 'topic', 'partition'] as const,
      registers: [],
      async collect() {
        this.reset();
        for (const { group, topic, partition, records } of await lagInTime(foundation)) {
          this.set({ group, topic, partition: String(partition) }, records);
        }
      },
    }),
  );
  return register;
}
