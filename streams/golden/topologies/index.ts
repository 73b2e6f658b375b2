import { aggregateTopologies } from './aggregates.ts';
import type { GoldenTopology } from './golden-topology.ts';
import { joinTopologies } from './joins.ts';
import { processorTopologies } from './processors.ts';
import { statelessTopologies } from './stateless.ts';
import { tableTopologies } from './tables.ts';

/** By name of the case. */
export const goldenTopologies: ReadonlyMap<string, GoldenTopology> = new Map(
  [
    ...statelessTopologies,
    ...processorTopologies,
    ...aggregateTopologies,
    ...joinTopologies,
    ...tableTopologies,
  ].map((topology) => [topology.name, topology]),
);
