import type { Cluster } from './cluster.ts';
import { ProtocolError } from './protocol/error-codes.ts';
import { initProducerIdRequest, type ProducerIdentity } from './protocol/requests.ts';

const SEQUENCES = 2 ** 31;

/**
 * Who writes, and the number of its next record in each partition: by these the broker drops a batch that it got
 * twice and refuses one that does not follow the last.
 */
export class Producer {
  readonly identity: ProducerIdentity;
  readonly #next = new Map<string, number>();

  constructor(identity: ProducerIdentity) {
    this.identity = identity;
  }

  /** Without a transactional id: a new writer nobody has heard of. */
  static async idempotent(cluster: Cluster): Promise<Producer> {
    const { errorCode, ...identity } = await cluster.any((address) =>
      cluster.brokers.send(address, initProducerIdRequest(null, 0, undefined)),
    );
    if (errorCode !== 0) throw new ProtocolError(errorCode, 'a producer id');
    return new Producer(identity);
  }

  /** Takes the numbers of `count` records; returns the first. */
  take(topic: string, partition: number, count: number): number {
    const name = `${topic}-${partition}`;
    const first = this.#next.get(name) ?? 0;
    this.#next.set(name, (first + count) % SEQUENCES);
    return first;
  }

  /** Takes back what was taken last: the broker has refused those records. */
  giveBack(topic: string, partition: number, first: number): void {
    this.#next.set(`${topic}-${partition}`, first);
  }
}
