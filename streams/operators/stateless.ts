import type { Processor, ProcessorContext, ProcessorSupplier } from '../processor.ts';
import type { StreamRecord } from '../record.ts';

/** A processor that forwards and keeps nothing. */
export abstract class Forwarding<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
  protected context!: ProcessorContext<KOut, VOut>;

  init(context: ProcessorContext<KOut, VOut>): void {
    this.context = context;
  }

  abstract process(record: StreamRecord<KIn, VIn>): void;
}

export const passThrough = <K, V>(): Processor<K, V, K, V> => new PassThrough<K, V>();

class PassThrough<K, V> extends Forwarding<K, V, K, V> {
  override process(record: StreamRecord<K, V>): void {
    this.context.forward(record);
  }
}

export const filter = <K, V>(predicate: (key: K, value: V) => boolean): ProcessorSupplier<K, V, K, V> =>
  supply(
    class extends Forwarding<K, V, K, V> {
      override process(record: StreamRecord<K, V>): void {
        if (predicate(record.key, record.value)) this.context.forward(record);
      }
    },
  );

export const map = <K, V, KR, VR>(
  mapper: (key: K, value: V) => readonly [KR, VR],
): ProcessorSupplier<K, V, KR, VR> =>
  supply(
    class extends Forwarding<K, V, KR, VR> {
      override process(record: StreamRecord<K, V>): void {
        const [key, value] = mapper(record.key, record.value);
        this.context.forward({ key, value, timestamp: record.timestamp, headers: record.headers });
      }
    },
  );

export const mapValues = <K, V, VR>(mapper: (value: V, key: K) => VR): ProcessorSupplier<K, V, K, VR> =>
  supply(
    class extends Forwarding<K, V, K, VR> {
      override process({ key, value, timestamp, headers }: StreamRecord<K, V>): void {
        this.context.forward({ key, value: mapper(value, key), timestamp, headers });
      }
    },
  );

export const flatMap = <K, V, KR, VR>(
  mapper: (key: K, value: V) => Iterable<readonly [KR, VR]>,
): ProcessorSupplier<K, V, KR, VR> =>
  supply(
    class extends Forwarding<K, V, KR, VR> {
      override process(record: StreamRecord<K, V>): void {
        for (const [key, value] of mapper(record.key, record.value)) {
          this.context.forward({ key, value, timestamp: record.timestamp, headers: record.headers });
        }
      }
    },
  );

export const flatMapValues = <K, V, VR>(
  mapper: (value: V, key: K) => Iterable<VR>,
): ProcessorSupplier<K, V, K, VR> =>
  supply(
    class extends Forwarding<K, V, K, VR> {
      override process({ key, value: whole, timestamp, headers }: StreamRecord<K, V>): void {
        for (const value of mapper(whole, key)) this.context.forward({ key, value, timestamp, headers });
      }
    },
  );

export const peek = <K, V>(action: (key: K, value: V) => void): ProcessorSupplier<K, V, K, V> =>
  supply(
    class extends Forwarding<K, V, K, V> {
      override process(record: StreamRecord<K, V>): void {
        action(record.key, record.value);
        this.context.forward(record);
      }
    },
  );

export const foreach = <K, V>(action: (key: K, value: V) => void): ProcessorSupplier<K, V, never, never> =>
  supply(
    class extends Forwarding<K, V, never, never> {
      override process(record: StreamRecord<K, V>): void {
        action(record.key, record.value);
      }
    },
  );

/** To the child of the first predicate that holds, else to the default one, else nowhere. */
export const branch = <K, V>(
  predicates: readonly ((key: K, value: V) => boolean)[],
  children: readonly string[],
  defaultChild: () => string | undefined,
): ProcessorSupplier<K, V, K, V> =>
  supply(
    class extends Forwarding<K, V, K, V> {
      override process(record: StreamRecord<K, V>): void {
        const index = predicates.findIndex((predicate) => predicate(record.key, record.value));
        const child = index < 0 ? defaultChild() : children[index];
        if (child !== undefined) this.context.forward(record, child);
      }
    },
  );

const supply =
  <KIn, VIn, KOut, VOut>(
    Step: new () => Processor<KIn, VIn, KOut, VOut>,
  ): ProcessorSupplier<KIn, VIn, KOut, VOut> =>
  () =>
    new Step();
