import { EMPTY_STATE } from '../config/index.ts';
import { CATALOG } from '../integrations/index.ts';
import { memoryRegistry, StreamsBuilder, type Topology } from '../streams/index.ts';
import { configSerdes, configTopology } from '../topologies/config/index.ts';
import { processEvents } from '../topologies/process-events.ts';
import { recordSerdes } from '../topologies/record-serdes.ts';

/** Every topology a process may run, by the name of its application. */
async function topologies(): Promise<Record<string, Topology>> {
  const registry = memoryRegistry();
  const config = new StreamsBuilder();
  const catalog = new Map(CATALOG.map((vendor) => [vendor.key, vendor]));
  configTopology(config, { catalog, serdes: await configSerdes(registry) });
  return {
    'signal-config': config.build(),
    'signal-processor': processEvents({
      serdes: await recordSerdes(registry),
      rulesAt: () => EMPTY_STATE,
      pipelinesOf: () => [],
    }),
  };
}

/** `signal topology describe`: as text in Kafka Streams' own form, or as Mermaid diagrams. */
export async function describeTopologies(name: string | undefined, mermaid: boolean): Promise<string> {
  const all = await topologies();
  const known = Object.keys(all);
  if (name !== undefined && !known.includes(name)) {
    throw Object.assign(new Error(`there is no topology "${name}"; there are ${known.join(', ')}`), {
      code: 'UNKNOWN_TOPOLOGY',
    });
  }
  return Object.entries(all)
    .filter(([each]) => name === undefined || each === name)
    .map(([each, topology]) =>
      mermaid ? `%% ${each}\n${topology.mermaid()}` : `${each}\n${topology.describe()}`,
    )
    .join('\n\n');
}
