import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamsBuilder } from '../dsl/streams-builder.ts';
import { differences } from './compare.ts';
import type { GoldenCase } from './golden-case.ts';
import { runCase } from './run-case.ts';
import { goldenTopologies } from './topologies/index.ts';

export interface GoldenResult {
  readonly name: string;
  /** What differs from Kafka, in sentences; empty if nothing does. */
  readonly problems: readonly string[];
}

export function casesIn(folder: string): GoldenCase[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

/** A case whose topology is not known has a problem: it says nothing about us. */
export function checkCase(golden: GoldenCase): GoldenResult {
  const { name } = golden;
  const topology = goldenTopologies.get(name);
  if (topology === undefined) {
    return { name, problems: [`no topology is written for it; add "${name}" to streams/golden/topologies`] };
  }
  try {
    const builder = new StreamsBuilder();
    topology.build(builder);
    const run = runCase(golden, builder.build());
    return { name, problems: differences(golden, run, topology.timeMovesOutput ?? false) };
  } catch (error) {
    return { name, problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}
