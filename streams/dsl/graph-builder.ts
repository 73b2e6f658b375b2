import type { ProcessorSupplier } from '../processor.ts';
import type { TopicNameExtractor } from '../topology/nodes.ts';
import { Topology } from '../topology/topology.ts';
import type { Named, Produced } from './options.ts';

/** What the streams of one builder share: the topology they add themselves to, and the numbering of names. */
export class GraphBuilder {
  readonly topology = new Topology();
  private count = 0;

  /** The given name, else Kafka Streams' own: prefix and a ten-digit number in order of declaration. */
  nameOf(prefix: string, named?: Named): string {
    const index = this.count++;
    return named?.name ?? `${prefix}${String(index).padStart(10, '0')}`;
  }

  addProcessor<KIn, VIn, KOut, VOut>(
    name: string,
    parents: readonly string[],
    supplier: ProcessorSupplier<KIn, VIn, KOut, VOut>,
    options: { readonly stores?: readonly string[]; readonly keepsKey: boolean },
  ): void {
    this.topology.addProcessor({
      name,
      parents,
      supplier: erased(supplier),
      stores: options.stores ?? [],
      keepsKey: options.keepsKey,
    });
  }

  addSink<K, V>(
    name: string,
    parent: string,
    topic: string | TopicNameExtractor<K, V>,
    produced: Produced<K, V>,
  ): void {
    this.topology.addSink({
      name,
      parents: [parent],
      topic: topic as string | TopicNameExtractor<unknown, unknown>,
      key: produced.key,
      value: produced.value,
      partitioner: produced.partitioner as ((k: unknown, v: unknown, n: number) => number) | undefined,
    });
  }
}

/** The graph holds nodes of all types; the DSL's own signatures have checked that neighbours fit. */
const erased = <KIn, VIn, KOut, VOut>(
  supplier: ProcessorSupplier<KIn, VIn, KOut, VOut>,
): ProcessorSupplier<unknown, unknown, unknown, unknown> =>
  supplier as ProcessorSupplier<unknown, unknown, unknown, unknown>;
