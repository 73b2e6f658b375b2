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

const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();

/** A case that has nothing to say about stores may leave them out. */
const readCase = (file: string): GoldenCase => ({
  finalStores: {},
  finalStoreTimestamps: {},
  changelogs: {},
  ...JSON.parse(readFileSync(file, 'utf8')),
});

export const casesIn = (folder: string): GoldenCase[] =>
  filesIn(folder).map((file) => readCase(join(folder, file)));

/** Every file of a folder; one that is no case has a problem, and the others are checked all the same. */
export function checkFolder(folder: string): GoldenResult[] {
  return filesIn(folder).map((file) => {
    try {
      return checkCase(readCase(join(folder, file)));
    } catch (error) {
      return { name: file, problems: [`cannot be read: ${error instanceof Error ? error.message : error}`] };
    }
  });
}

/** A case whose topology is not known has a problem: it says nothing about us. */
export function checkCase(golden: GoldenCase): GoldenResult {
  const { name } = golden;
  for (const field of ['name', 'topics', 'input', 'output'] as const) {
    if (golden[field] === undefined) throw new Error(`it has no "${field}"`);
  }
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
