import { TopologyError } from '../errors.ts';
import type { StoreBuilder } from '../state/store.ts';
import { checkName } from './check-name.ts';
import { describeTopology } from './describe.ts';
import { mermaidOf } from './mermaid.ts';
import type {
  Copartition,
  GlobalTableNode,
  InternalTopic,
  ProcessorNode,
  SinkNode,
  SourceNode,
  StoreNode,
  SubTopology,
  TopologyNode,
} from './nodes.ts';

type Without<T> = Omit<T, 'kind'>;

export type ProcessorSpec = Omit<ProcessorNode, 'kind' | 'prefetching'> &
  Partial<Pick<ProcessorNode, 'prefetching'>>;

/** The parts of a topology: what runs as tasks, and the tables every process has whole. Ids number both, in the
 * order of their first nodes. */
export interface TopologyParts {
  readonly subTopologies: readonly SubTopology[];
  readonly globalTables: readonly (GlobalTableNode & { readonly id: number })[];
}

/**
 * The Processor API: a graph of sources, processors and sinks with their state stores. Nodes are added parents
 * first; `StreamsBuilder` builds one of these.
 */
export class Topology {
  private readonly nodes = new Map<string, TopologyNode>();
  private readonly stores = new Map<string, { builder: StoreBuilder<unknown>; users: string[] }>();
  private readonly globals = new Map<string, GlobalTableNode>();
  private readonly internal = new Map<string, InternalTopic>();
  private readonly copartitions: { node: string; sources: readonly string[] }[] = [];
  private readonly sourceOfTopic = new Map<string, string>();
  /** In order of declaration; a global table counts as one. */
  private readonly order: string[] = [];

  addSource(source: Without<SourceNode>): this {
    if (source.topics.length === 0) throw new TopologyError(source.name, 'reads no topic');
    for (const topic of source.topics) {
      checkName(source.name, 'topic', topic);
      this.claimTopic(topic, source.name);
    }
    return this.add({ kind: 'source', ...source });
  }

  addProcessor(processor: ProcessorSpec): this {
    this.add({ kind: 'processor', prefetching: {}, ...processor });
    this.connectStores(processor.name, processor.stores);
    return this;
  }

  addSink(sink: Without<SinkNode>): this {
    if (typeof sink.topic === 'string') checkName(sink.name, 'topic', sink.topic);
    return this.add({ kind: 'sink', ...sink });
  }

  /** A table that every process holds whole. All processors may read it; it needs no connecting. */
  addGlobalTable(table: GlobalTableNode): this {
    checkName(table.source, 'topic', table.topic);
    this.claimTopic(table.topic, table.source);
    this.claimName(table.source);
    this.claimName(table.processor);
    if (this.globals.has(table.store) || this.stores.has(table.store)) {
      throw new TopologyError(table.store, 'another state store has this name');
    }
    this.globals.set(table.store, table);
    this.order.push(table.source);
    return this;
  }

  /** Before the processors that use it. */
  addStateStore(builder: StoreBuilder<unknown>): this {
    checkName(builder.name, 'state store', builder.name);
    const known = this.stores.get(builder.name);
    if ((known !== undefined && known.builder !== builder) || this.globals.has(builder.name)) {
      throw new TopologyError(builder.name, 'another state store has this name');
    }
    if (known === undefined) this.stores.set(builder.name, { builder, users: [] });
    return this;
  }

  /** Lets a processor that is there already use stores. */
  connectStores(processor: string, stores: readonly string[]): this {
    for (const name of stores) {
      if (this.globals.has(name)) continue;
      const store = this.stores.get(name);
      if (store === undefined) {
        throw new TopologyError(processor, `uses the state store "${name}", which was not added`);
      }
      if (!store.users.includes(processor)) store.users.push(processor);
    }
    return this;
  }

  /** Declares a topic that only this topology uses (a repartition topic); it is created at start, under a name with
   * the application's in front. */
  addInternalTopic(topic: InternalTopic): this {
    const { name, partitions = 1 } = topic;
    checkName(name, 'topic', name);
    if (!(Number.isSafeInteger(partitions) && partitions > 0)) {
      throw new TopologyError(name, `cannot have ${partitions} partitions; it must have 1 or more`);
    }
    this.internal.set(name, topic);
    return this;
  }

  /** Says that the topics of these sources must have the same number of partitions, because `node` joins them. */
  addCopartition(node: string, sources: readonly string[]): this {
    this.copartitions.push({ node, sources });
    return this;
  }

  get internalTopics(): readonly InternalTopic[] {
    return [...this.internal.values()];
  }

  get copartitionedTopics(): readonly Copartition[] {
    return this.copartitions.map(({ node, sources }) => ({
      node,
      topics: sources.flatMap((name) => {
        const source = this.nodes.get(name);
        return source?.kind === 'source' ? source.topics : [];
      }),
    }));
  }

  get storeNodes(): readonly StoreNode[] {
    return [...this.stores.values()];
  }

  isInternal(topic: string): boolean {
    return this.internal.has(topic);
  }

  /** Groups of connected nodes, numbered in the order of their first node. */
  subTopologies(): readonly SubTopology[] {
    return this.parts().subTopologies;
  }

  /** `nameOf` gives an internal topic its name in the log. */
  parts(nameOf: (internalTopic: string) => string = (topic) => topic): TopologyParts {
    const rootOf = this.groups();
    const members = new Map<string, { id: number; nodes: TopologyNode[] }>();
    const globalTables: (GlobalTableNode & { id: number })[] = [];
    let id = 0;
    for (const name of this.order) {
      const node = this.nodes.get(name);
      if (node === undefined) {
        const table = [...this.globals.values()].find(({ source }) => source === name);
        if (table !== undefined) globalTables.push({ ...table, id: id++ });
        continue;
      }
      const root = rootOf(name);
      const group = members.get(root);
      if (group === undefined) members.set(root, { id: id++, nodes: [node] });
      else group.nodes.push(node);
    }
    const subTopologies = [...members.values()].map((group) =>
      this.subTopology(group.id, group.nodes, nameOf),
    );
    return { subTopologies, globalTables };
  }

  /** Finds what could not work. */
  validate(): void {
    this.parts();
    for (const { node, topics } of this.copartitionedTopics) {
      const fixed = topics.flatMap((topic) => this.internal.get(topic)?.partitions ?? []);
      if (new Set(fixed).size > 1) {
        throw new TopologyError(
          node,
          `joins topics of ${fixed.join(' and ')} partitions (${topics.join(', ')}); they must have the same number`,
        );
      }
    }
  }

  /** The graph in words, in the form of Kafka Streams' `Topology.describe()`. */
  describe(): string {
    return describeTopology(this.parts());
  }

  /** The graph as a Mermaid flowchart. */
  mermaid(): string {
    return mermaidOf(this.parts(), this.storeNodes);
  }

  private groups(): (name: string) => string {
    const group = new Map<string, string>();
    const find = (name: string): string => {
      let root = name;
      for (let parent = group.get(root); parent !== undefined && parent !== root; parent = group.get(root)) {
        root = parent;
      }
      return root;
    };
    const join = (a: string, b: string): void => {
      const [rootA, rootB] = [find(a), find(b)];
      if (rootA !== rootB) group.set(rootB, rootA);
    };
    for (const node of this.nodes.values()) {
      if (node.kind !== 'source') for (const parent of node.parents) join(parent, node.name);
    }
    for (const { users } of this.stores.values()) {
      for (const user of users.slice(1)) join(users[0] as string, user);
    }
    return find;
  }

  private subTopology(
    id: number,
    all: readonly TopologyNode[],
    nameOf: (topic: string) => string,
  ): SubTopology {
    const inLog = (topic: string): string => (this.internal.has(topic) ? nameOf(topic) : topic);
    const nodes = all.map((node): TopologyNode => {
      if (node.kind === 'source') return { ...node, topics: node.topics.map(inLog) };
      if (node.kind === 'processor') return { ...node, stores: this.storesOf(node.name) };
      return typeof node.topic === 'string' ? { ...node, topic: inLog(node.topic) } : node;
    });
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

  private storesOf(processor: string): string[] {
    return [...this.stores.values()]
      .filter(({ users }) => users.includes(processor))
      .map(({ builder }) => builder.name);
  }

  private add(node: TopologyNode): this {
    if (node.kind !== 'source') {
      if (node.parents.length === 0) throw new TopologyError(node.name, 'has no parent');
      for (const parent of node.parents) {
        const found = this.nodes.get(parent);
        if (found === undefined) throw new TopologyError(node.name, `its parent "${parent}" does not exist`);
        if (found.kind === 'sink') throw new TopologyError(node.name, `its parent "${parent}" is a sink`);
      }
    }
    this.claimName(node.name);
    this.nodes.set(node.name, node);
    this.order.push(node.name);
    return this;
  }

  private claimName(name: string): void {
    const taken =
      this.nodes.has(name) ||
      [...this.globals.values()].some((t) => t.source === name || t.processor === name);
    if (taken) throw new TopologyError(name, 'another node has this name');
  }

  private claimTopic(topic: string, source: string): void {
    const other = this.sourceOfTopic.get(topic);
    if (other !== undefined) {
      throw new TopologyError(source, `topic "${topic}" is already read by ${other}; reuse its stream`);
    }
    this.sourceOfTopic.set(topic, source);
  }
}
