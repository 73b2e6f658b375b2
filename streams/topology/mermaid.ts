import type { StoreNode, TopologyNode } from './nodes.ts';
import type { TopologyParts } from './topology.ts';

/**
 * A Mermaid flowchart: topics as rounded boxes, nodes as boxes in the frame of their sub-topology, state stores as
 * cylinders with dotted lines to who uses them.
 */
export function mermaidOf(
  { subTopologies, globalTables }: TopologyParts,
  stores: readonly StoreNode[],
): string {
  const ids = new Map<string, string>();
  const idOf = (kind: string, name: string): string => {
    const known = ids.get(`${kind} ${name}`);
    if (known !== undefined) return known;
    const id = `${kind}${ids.size}`;
    ids.set(`${kind} ${name}`, id);
    return id;
  };
  const topics = new Map<string, string>();
  const topic = (name: string): string => {
    const id = idOf('t', name);
    topics.set(name, `  ${id}([${quoted(name)}])`);
    return id;
  };
  const edges: string[] = [];
  const frames: string[] = [];
  for (const { id, nodes, stores: own } of subTopologies) {
    frames.push(`  subgraph s${id} [${quoted(`Sub-topology ${id}`)}]`);
    for (const node of nodes) {
      frames.push(`    ${idOf('n', node.name)}[${quoted(node.name)}]`);
      edges.push(...edgesOf(node, topic, (name) => idOf('n', name)));
    }
    for (const { name, parts } of own) {
      if (parts.length > 0) frames.push(`    ${idOf('s', name)}[(${quoted(name)})]`);
    }
    frames.push('  end');
  }
  for (const { id, processor, store, topic: name } of globalTables) {
    frames.push(`  subgraph s${id} [${quoted(`Sub-topology ${id}, in every process`)}]`);
    frames.push(
      `    ${idOf('n', processor)}[${quoted(processor)}]`,
      `    ${idOf('s', store)}[(${quoted(store)})]`,
    );
    frames.push('  end');
    edges.push(
      `  ${topic(name)} --> ${idOf('n', processor)}`,
      `  ${idOf('n', processor)} -.- ${idOf('s', store)}`,
    );
  }
  for (const { builder, users } of stores) {
    // Some hold no table, only what operators share.
    if (builder.parts.length === 0) continue;
    for (const user of users) edges.push(`  ${idOf('n', user)} -.- ${idOf('s', builder.name)}`);
  }
  return ['flowchart TD', ...frames, ...topics.values(), ...edges, ''].join('\n');
}

function edgesOf(
  node: TopologyNode,
  topic: (name: string) => string,
  idOf: (name: string) => string,
): string[] {
  if (node.kind === 'source') return node.topics.map((name) => `  ${topic(name)} --> ${idOf(node.name)}`);
  const incoming = node.parents.map((parent) => `  ${idOf(parent)} --> ${idOf(node.name)}`);
  if (node.kind === 'processor') return incoming;
  return typeof node.topic === 'string'
    ? [...incoming, `  ${idOf(node.name)} --> ${topic(node.topic)}`]
    : [...incoming, `  ${idOf(node.name)} --> ${topic('a topic chosen for each record')}`];
}

/** Mermaid ends a text at a quote and reads `#` as the start of an entity. */
const quoted = (text: string): string => `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;')}"`;
