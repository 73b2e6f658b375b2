import { TopologyError } from '../errors.ts';
import { branch, passThrough } from '../operators/stateless.ts';
import { KStream, type StreamOrigin } from './kstream.ts';
import type { Named } from './options.ts';

type Predicate<K, V> = (key: K, value: V) => boolean;

/**
 * The branches of a split stream, in the order in which they are tried. `branch` and `defaultBranch` give the stream
 * of a branch; records that no branch takes are dropped unless there is a default one.
 */
export class BranchedStream<K, V> {
  private readonly parent: StreamOrigin<K, V>;
  private readonly node: string;
  private readonly predicates: Predicate<K, V>[] = [];
  private readonly children: string[] = [];
  private defaultChild: string | undefined;

  constructor(parent: StreamOrigin<K, V>, named: Named | undefined) {
    const { graph, node } = parent;
    this.parent = parent;
    this.node = graph.nameOf('KSTREAM-BRANCH-', named);
    const { predicates, children } = this;
    graph.addProcessor(
      this.node,
      [node],
      branch(predicates, children, () => this.defaultChild),
      { keysAfter: 'same' },
    );
  }

  branch(predicate: Predicate<K, V>, named?: Named): KStream<K, V> {
    if (this.defaultChild !== undefined) {
      throw new TopologyError(this.node, 'a branch after the default branch would never be tried');
    }
    const child = this.addChild(String(this.children.length + 1), named);
    this.predicates.push(predicate);
    this.children.push(child);
    return this.streamOf(child);
  }

  /** For the records that no branch took; the last one. */
  defaultBranch(named?: Named): KStream<K, V> {
    if (this.defaultChild !== undefined)
      throw new TopologyError(this.node, 'it has a default branch already');
    this.defaultChild = this.addChild('0', named);
    return this.streamOf(this.defaultChild);
  }

  private addChild(number: string, named: Named | undefined): string {
    const { graph } = this.parent;
    // Uses up a number for each branch, as Kafka does.
    graph.newName('');
    const name = `${this.node}${named?.name ?? number}`;
    graph.addProcessor<K, V, K, V>(name, [this.node], passThrough, { keysAfter: 'same' });
    return name;
  }

  private streamOf(node: string): KStream<K, V> {
    return new KStream({ ...this.parent, node });
  }
}
