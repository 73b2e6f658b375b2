import { TopologyError } from '../errors.ts';
import type { TopicSpec } from '../log/log.ts';
import { REGISTERS } from '../state/register.ts';
import type { SubTopology } from '../topology/nodes.ts';
import type { Topology } from '../topology/topology.ts';

/** Names in the log of what belongs to one application. */
export const internalName = (applicationId: string, topic: string): string => `${applicationId}-${topic}`;

/** The topic to which a store's changes are also written, where the log does not keep them itself (Kafka). */
export const changelogOf = (applicationId: string, store: string): string =>
  internalName(applicationId, `${store}-changelog`);

export const registersChangelog = (applicationId: string, sub: SubTopology): string =>
  changelogOf(applicationId, `${sub.id}-${REGISTERS}`);

/** Kafka Streams' own choice: what is consumed can be deleted soon. */
const REPARTITION_SEGMENT_BYTES = 50 * 1024 * 1024;

/**
 * Partition counts of the repartition topics a topology needs: the given one, else as many as the topics of the
 * sub-topology that writes it, else as many as those it is joined with. Throws a `TopologyError` where a source topic
 * does not exist or topics that are joined have different counts.
 */
export function repartitionTopics(
  topology: Topology,
  subTopologies: readonly SubTopology[],
  existing: ReadonlyMap<string, number>,
  applicationId: string,
): TopicSpec[] {
  const counts = new Map(existing);
  const internal = topology.internalTopics.map(({ name, partitions }) => ({
    name: internalName(applicationId, name),
    partitions,
  }));
  const open = new Set<string>();
  for (const { name, partitions } of internal) {
    if (partitions === undefined) open.add(name);
    else counts.set(name, partitions);
    if (partitions === undefined) counts.delete(name);
  }
  for (const sub of subTopologies) requireSources(sub, counts, open);
  const copartitions = topology.copartitionedTopics.map(({ node, topics }) => ({
    node,
    topics: topics.map((topic) => (topology.isInternal(topic) ? internalName(applicationId, topic) : topic)),
  }));
  // A count can depend on others that depend on others; each round settles at least one.
  for (let round = 0; round <= internal.length; round++) {
    for (const sub of subTopologies) settleFromSources(sub, counts, open);
    for (const { topics } of copartitions) settleFromPartners(topics, counts, open);
  }
  for (const { node, topics } of copartitions) requireSameCount(node, topics, counts);
  return internal.map(({ name }) => ({
    name,
    partitions: counts.get(name),
    cleanup: 'delete',
    segmentBytes: REPARTITION_SEGMENT_BYTES,
  }));
}

/** A topic for every store that the log does not keep by itself, and for the registers of every sub-topology. */
export function changelogTopics(
  subTopologies: readonly SubTopology[],
  counts: ReadonlyMap<string, number>,
  applicationId: string,
): TopicSpec[] {
  return subTopologies.flatMap((sub): TopicSpec[] => {
    const partitions = Math.max(...sub.sourceTopics.map((topic) => counts.get(topic) ?? 1));
    const stores = sub.stores.filter(({ logging }) => logging).flatMap(({ parts }) => parts);
    const names = stores.map((store) => changelogOf(applicationId, store));
    return [...names, registersChangelog(applicationId, sub)].map((name) => ({
      name,
      partitions,
      cleanup: 'compact',
    }));
  });
}

function requireSources(
  sub: SubTopology,
  counts: ReadonlyMap<string, number>,
  open: ReadonlySet<string>,
): void {
  for (const { name, topics } of sub.sources) {
    const missing = topics.find((topic) => !counts.has(topic) && !open.has(topic));
    if (missing !== undefined) throw new TopologyError(name, `its topic "${missing}" does not exist`);
  }
}

function settleFromSources(sub: SubTopology, counts: Map<string, number>, open: ReadonlySet<string>): void {
  const own = sub.sourceTopics.map((topic) => counts.get(topic));
  const known = own.filter((count) => count !== undefined);
  if (known.length === 0) return;
  for (const node of sub.nodes) {
    if (node.kind !== 'sink' || typeof node.topic !== 'string') continue;
    if (open.has(node.topic) && !counts.has(node.topic)) counts.set(node.topic, Math.max(...known));
  }
}

/** What can still be chosen follows what cannot: the topics of others, and counts that were given. */
function settleFromPartners(
  topics: readonly string[],
  counts: Map<string, number>,
  open: ReadonlySet<string>,
): void {
  const fixed = topics.filter((topic) => !open.has(topic)).flatMap((topic) => counts.get(topic) ?? []);
  const chosen = topics.filter((topic) => open.has(topic)).flatMap((topic) => counts.get(topic) ?? []);
  const count = fixed.length > 0 ? fixed[0] : chosen.length > 0 ? Math.max(...chosen) : undefined;
  if (count === undefined) return;
  for (const topic of topics) if (open.has(topic)) counts.set(topic, count);
}

function requireSameCount(
  node: string,
  topics: readonly string[],
  counts: ReadonlyMap<string, number>,
): void {
  const listed = topics.map((topic) => `${topic} (${counts.get(topic)})`);
  if (new Set(topics.map((topic) => counts.get(topic))).size > 1) {
    throw new TopologyError(
      node,
      `joins topics with different numbers of partitions: ${listed.join(', ')}; repartition one of them`,
    );
  }
}
