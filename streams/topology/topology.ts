import { TopologyError } from '../errors.ts';
import type { StoreBuilder } from '../state/store.ts';
import { describeTopology } from './describe.ts';
import type {
  InternalTopic,
  ProcessorNode,
  SinkNode,
  SourceNode,
  StoreNode,
  SubTopology,
  TopologyNode,
} from './nodes.ts';

type Without<T> = Omit<T, 'kind'>;

/**
 * The Processor API: a graph of sources, processors and sinks with their state stores. Nodes are added parents
 * first; `StreamsBuilder` builds one of these.
 */
export class Topology {
  private readonly nodes = new Map<string, TopologyNode>();
  private readonly stores = new Map<string, { builder: StoreBuilder<unknown>; users: string[] }>();
  private readonly internal = new Map<string, InternalTopic>();
  private readonly sourceOfTopic = new Map<string, string>();

  addSource(source: Without<SourceNode>): this {
    if (source.topics.length === 0) throw new TopologyError(source.name, 'reads no topic');
    for (const topic of source.topics) {
      const other = this.sourceOfTopic.get(topic);
      if (other !== undefined) {
        throw new TopologyError(
          source.name,
          `topic "${topic}" is already read by ${other}; reuse its stream`,
        );
      }
      this.sourceOfTopic.set(topic, source.name);
    }
    return this.add({ kind: 'source', ...source });
  }

  addProcessor(processor: Without<ProcessorNode>): this {
    this.add({ kind: 'processor', ...processor });
    this.connectStores(processor.name, processor.stores);
    return this;
  }

  addSink(sink: Without<SinkNode>): this {
    return this.add({ kind: 'sink', ...sink });
  }

  /** Before the processors that use it. */
  addStateStore(builder: StoreBuilder<unknown>): this {
    const known = this.stores.get(builder.name);
    if (known !== undefined && known.builder !== builder) {
      throw new TopologyError(builder.name, 'another state store has this name');
    }
    if (known === undefined) this.stores.set(builder.name, { builder, users: [] });
    return this;
  }

  /** Declares a topic that only this topology uses (a repartition topic); it is created at start. */
  addInternalTopic(topic: InternalTopic): this {
    this.internal.set(topic.name, topic);
    return this;
  }

  get internalTopics(): readonly InternalTopic[] {
    return [...this.internal.values()];
  }

  get storeNodes(): readonly StoreNode[] {
    return [...this.stores.values()];
  }

  /** Groups of connected nodes, numbered in the order of their first node. */
  subTopologies(): readonly SubTopology[] {
    const group = new Map<string, string>();
    const find = (name: string): string => {
      const parent = group.get(name) ?? name;
      return parent === name ? name : find(parent);
    };
    const join = (a: string, b: string): void => {
      group.set(find(b), find(a));
    };
    for (const node of this.nodes.values()) {
      if (node.kind !== 'source') for (const parent of node.parents) join(parent, node.name);
    }
    for (const { users } of this.stores.values()) {
      for (const user of users.slice(1)) join(users[0] as string, user);
    }
    const members = new Map<string, TopologyNode[]>();
    for (const node of this.nodes.values()) {
      const root = find(node.name);
      const list = members.get(root);
      if (list === undefined) members.set(root, [node]);
      else list.push(node);
    }
    return [...members.values()].map((nodes, id) => this.subTopology(id, nodes));
  }

  /** The graph in words, in the form of Kafka Streams' `Topology.describe()`. */
  describe(): string {
    return describeTopology(this.subTopologies());
  }

  private subTopology(id: number, nodes: readonly TopologyNode[]): SubTopology {
    const names = new Set(nodes.map((node) => node.name));
    const sources = nodes.filter((node): node is SourceNode => node.kind === 'source');
    const first = nodes[0] as TopologyNode;
    if (sources.length === 0) throw new TopologyError(first.name, 'no source leads to it');
    return {
      id,
      nodes,
      sources,
      sourceTopics: sources.flatMap((source) => source.topics),
      stores: [...this.stores.values()]
        .filter(({ users }) => users.some((user) => names.has(user)))
        .map(({ builder }) => builder),
    };
  }

  private add(node: TopologyNode): this {
    if (this.nodes.has(node.name)) throw new TopologyError(node.name, 'another node has this name');
    if (node.kind !== 'source') {
      if (node.parents.length === 0) throw new TopologyError(node.name, 'has no parent');
      for (const parent of node.parents) {
        const found = this.nodes.get(parent);
        if (found === undefined) throw new TopologyError(node.name, `its parent "${parent}" does not exist`);
        if (found.kind === 'sink') throw new TopologyError(node.name, `its parent "${parent}" is a sink`);
      }
    }
    this.nodes.set(node.name, node);
    return this;
  }

  private connectStores(processor: string, stores: readonly string[]): void {
    for (const name of stores) {
      const store = this.stores.get(name);
      if (store === undefined) {
        throw new TopologyError(processor, `uses the state store "${name}", which was not added`);
      }
      if (!store.users.includes(processor)) store.users.push(processor);
    }
  }
}
