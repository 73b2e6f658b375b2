import type { Processor, ProcessorContext, ProcessorSupplier } from '../processor.ts';
import type { StreamRecord } from '../record.ts';

/** A processor without state, from what it does with one record. */
function forwarding<K, V, KR, VR>(
  step: (record: StreamRecord<K, V>, forward: (record: StreamRecord<KR, VR>) => void) => void,
): ProcessorSupplier<K, V, KR, VR> {
  return (): Processor<K, V, KR, VR> => {
    let forward: (record: StreamRecord<KR, VR>) => void;
    return {
      init(context: ProcessorContext<KR, VR>) {
        forward = (record) => context.forward(record);
      },
      process: (record) => step(record, forward),
    };
  };
}

export const passThrough = <K, V>(): Processor<K, V, K, V> =>
  forwarding<K, V, K, V>((record, forward) => forward(record))();

export const filter = <K, V>(predicate: (key: K, value: V) => boolean): ProcessorSupplier<K, V, K, V> =>
  forwarding((record, forward) => {
    if (predicate(record.key, record.value)) forward(record);
  });

export const map = <K, V, KR, VR>(
  mapper: (key: K, value: V) => readonly [KR, VR],
): ProcessorSupplier<K, V, KR, VR> =>
  forwarding((record, forward) => {
    const [key, value] = mapper(record.key, record.value);
    forward({ key, value, timestamp: record.timestamp, headers: record.headers });
  });

export const mapValues = <K, V, VR>(mapper: (value: V, key: K) => VR): ProcessorSupplier<K, V, K, VR> =>
  forwarding(({ key, value, timestamp, headers }, forward) => {
    forward({ key, value: mapper(value, key), timestamp, headers });
  });

export const flatMap = <K, V, KR, VR>(
  mapper: (key: K, value: V) => Iterable<readonly [KR, VR]>,
): ProcessorSupplier<K, V, KR, VR> =>
  forwarding((record, forward) => {
    for (const [key, value] of mapper(record.key, record.value)) {
      forward({ key, value, timestamp: record.timestamp, headers: record.headers });
    }
  });

export const flatMapValues = <K, V, VR>(
  mapper: (value: V, key: K) => Iterable<VR>,
): ProcessorSupplier<K, V, K, VR> =>
  forwarding(({ key, value: whole, timestamp, headers }, forward) => {
    for (const value of mapper(whole, key)) forward({ key, value, timestamp, headers });
  });

export const peek = <K, V>(action: (key: K, value: V) => void): ProcessorSupplier<K, V, K, V> =>
  forwarding((record, forward) => {
    action(record.key, record.value);
    forward(record);
  });

export const foreach = <K, V>(action: (key: K, value: V) => void): ProcessorSupplier<K, V, never, never> =>
  forwarding((record) => action(record.key, record.value));
