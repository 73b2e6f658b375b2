import type { SubTopology, TopologyNode } from './nodes.ts';
import type { TopologyParts } from './topology.ts';

/** Kafka Streams' own text form, so that its visualisers can draw it. */
export function describeTopology(parts: TopologyParts): string {
  const blocks = [
    ...parts.subTopologies.map((sub) => ({ id: sub.id, text: `${describeSubTopology(sub)}\n` })),
    ...parts.globalTables.map((table) => ({
      id: table.id,
      text: [
        `  Sub-topology: ${table.id} for global store (will not generate tasks)`,
        `    Source: ${table.source} (topics: [${table.topic}])`,
        `      --> ${table.processor}`,
        `    Processor: ${table.processor} (stores: [${table.store}])`,
        '      --> none',
        `      <-- ${table.source}`,
      ].join('\n'),
    })),
  ].sort((a, b) => a.id - b.id);
  // Kafka puts one space more before the first.
  return `Topologies:\n ${blocks.map(({ text }) => `${text}\n`).join('')}`;
}

function describeSubTopology({ id, nodes, stores }: SubTopology): string {
  // Some hold no table, only what operators share.
  const hidden = new Set(stores.filter(({ parts }) => parts.length === 0).map(({ name }) => name));
  const size = sizesOf(nodes);
  const inOrder = [...nodes].sort(
    (a, b) => (size.get(b.name) ?? 0) - (size.get(a.name) ?? 0) || compareText(a.name, b.name),
  );
  return [
    `  Sub-topology: ${id}`,
    ...inOrder.flatMap((node) => describeNode(node, childrenOf(node, nodes), hidden)),
  ].join('\n');
}

/** A node and all that follows it, counted once for each way that leads there: Kafka's order of nodes. */
function sizesOf(nodes: readonly TopologyNode[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const node of [...nodes].reverse()) {
    const below = nodes.filter((other) => other.kind !== 'source' && other.parents.includes(node.name));
    sizes.set(
      node.name,
      below.reduce((sum, child) => sum + (sizes.get(child.name) ?? 0), 1),
    );
  }
  return sizes;
}

function childrenOf(node: TopologyNode, nodes: readonly TopologyNode[]): string {
  return listed(
    nodes
      .filter((other) => other.kind !== 'source' && other.parents.includes(node.name))
      .map((child) => child.name),
  );
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : [...names].sort(compareText).join(', ');

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function describeNode(node: TopologyNode, children: string, hidden: ReadonlySet<string>): string[] {
  switch (node.kind) {
    case 'source':
      return [`    Source: ${node.name} (topics: [${node.topics.join(', ')}])`, `      --> ${children}`];
    case 'processor': {
      const stores = node.stores.filter((name) => !hidden.has(name)).sort(compareText);
      return [
        `    Processor: ${node.name} (stores: [${stores.join(', ')}])`,
        `      --> ${children}`,
        `      <-- ${listed(node.parents)}`,
      ];
    }
    case 'sink': {
      const topic =
        typeof node.topic === 'string' ? `topic: ${node.topic}` : 'extractor class: chosen per record';
      return [`    Sink: ${node.name} (${topic})`, `      <-- ${listed(node.parents)}`];
    }
  }
}
