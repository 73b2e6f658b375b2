import { aggregateTopologies } from './aggregates.ts';
import { fuzzAggregateTopologies } from './fuzz-aggregates.ts';
import { fuzzJoinTopologies } from './fuzz-joins.ts';
import { fuzzTableTopologies } from './fuzz-tables.ts';
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
    ...fuzzAggregateTopologies,
    ...fuzzJoinTopologies,
    ...fuzzTableTopologies,
  ].map((topology) => [topology.name, topology]),
);
