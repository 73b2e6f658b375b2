import type { ConfigProjection } from '../../config/index.ts';
import type { DeliveryResult, EnrichedEvent, RawEvent, RejectedEvent } from '../../schemas/index.ts';
import type { Log, Serde } from '../../streams/index.ts';
import { decode } from '../../topologies/config/index.ts';
import { TOPICS } from '../../topologies/topics.ts';
import { LineageIndexer } from './indexer.ts';
import type { Pointer } from './pointer.ts';
import type { LineageSerdes } from './record-ids.ts';
import { type EventStory, type Found, tell } from './story.ts';

export interface EventLineageOptions {
  readonly log: Log;
  readonly serdes: LineageSerdes;
  /** Names integrations, and knows which pipelines an event should have gone through. */
  readonly projection: Pick<ConfigProjection, 'at' | 'current' | 'version'>;
  readonly onError: (error: Error) => void;
  /** How long an event that is not found may yet be taken in. */
  readonly catchUpMs?: number;
}

/** The gateway may have acknowledged it a moment ago. */
const CATCH_UP_MS = 500;

/** What became of an event, read from the logs themselves: the index only knows where to look. */
export class EventLineage {
  private readonly options: EventLineageOptions;
  private readonly indexer: LineageIndexer;

  private constructor(options: EventLineageOptions, indexer: LineageIndexer) {
    this.options = options;
    this.indexer = indexer;
  }

  /** The event topics must exist. */
  static async start(options: EventLineageOptions): Promise<EventLineage> {
    return new EventLineage(options, await LineageIndexer.start(options));
  }

  /** Undefined if no such event was accepted, or none of its records is kept any more. */
  async find(messageId: string): Promise<EventStory | undefined> {
    const { catchUpMs = CATCH_UP_MS } = this.options;
    let pointers = await this.indexer.find(messageId);
    if (pointers.length === 0 && (await this.indexer.caughtUp(TOPICS.rawEvents, catchUpMs)))
      pointers = await this.indexer.find(messageId);
    const { serdes, projection } = this.options;
    const of = <T>(kind: Pointer['kind'], serde: Serde<T>): Promise<Found<T>[]> =>
      this.readAll(
        pointers.filter((pointer) => pointer.kind === kind),
        serde,
      );
    const [raw, rejected, enriched, results] = await Promise.all([
      of<RawEvent>('raw', serdes.rawEvent),
      of<RejectedEvent>('rejected', serdes.rejectedEvent),
      of<EnrichedEvent>('enriched', serdes.enrichedEvent),
      of<DeliveryResult>('result', serdes.deliveryResult),
    ]);
    return tell({
      raw: raw[0],
      rejected: rejected[0]?.value,
      enriched: enriched[0]?.value,
      results: results.map((result) => result.value),
      projection,
    });
  }

  close(): Promise<void> {
    return this.indexer.close();
  }

  private async readAll<T>(pointers: readonly Pointer[], serde: Serde<T>): Promise<Found<T>[]> {
    const found = await Promise.all(pointers.map((pointer) => this.read(pointer, serde)));
    return found.filter((each) => each !== undefined);
  }

  /** Undefined once retention has taken the record. */
  private async read<T>(pointer: Pointer, serde: Serde<T>): Promise<Found<T> | undefined> {
    const { topic, partition, offset } = pointer;
    for await (const records of this.options.log.read({ topic, partition, from: offset, to: offset + 1 })) {
      const value = records.find((record) => record.offset === offset)?.value;
      if (value) return { value: await decode(serde, value), at: { topic, partition, offset } };
    }
    return undefined;
  }
}
