import type { SubTopology, TopologyNode } from './nodes.ts';

/** Kafka Streams' own text form, so that its visualisers can draw it. */
export function describeTopology(subTopologies: readonly SubTopology[]): string {
  const lines = ['Topologies:'];
  for (const { id, nodes } of subTopologies) {
    lines.push(`   Sub-topology: ${id}`);
    for (const node of nodes) lines.push(...describeNode(node, childrenOf(node, nodes)));
    lines.push('');
  }
  return lines.join('\n');
}

function childrenOf(node: TopologyNode, nodes: readonly TopologyNode[]): string {
  const children = nodes.filter((other) => other.kind !== 'source' && other.parents.includes(node.name));
  return children.length === 0 ? 'none' : children.map((child) => child.name).join(', ');
}

function describeNode(node: TopologyNode, children: string): string[] {
  switch (node.kind) {
    case 'source':
      return [`    Source: ${node.name} (topics: [${node.topics.join(', ')}])`, `      --> ${children}`];
    case 'processor':
      return [
        `    Processor: ${node.name} (stores: [${node.stores.join(', ')}])`,
        `      --> ${children}`,
        `      <-- ${node.parents.join(', ')}`,
      ];
    case 'sink': {
      const topic =
        typeof node.topic === 'string' ? `topic: ${node.topic}` : 'extractor class: chosen per record';
      return [`    Sink: ${node.name} (${topic})`, `      <-- ${node.parents.join(', ')}`];
    }
  }
}
