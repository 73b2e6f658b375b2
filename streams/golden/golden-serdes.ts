import { sessionWindowedSerde, timeWindowedSerde } from '../dsl/windowed-serdes.ts';
import { serdes } from '../serdes/primitives.ts';
import type { Serde } from '../serdes/serde.ts';

/** The serde of a type as the data files name it. */
export function serdeOf(type: string): Serde<unknown> {
  const [name, size] = type.split(':');
  switch (name) {
    case 'string':
      return serdes.string();
    case 'long':
      return serdes.long();
    case 'session':
      return sessionWindowedSerde(serdes.string());
    case 'time':
      return timeWindowedSerde(serdes.string(), Number(size));
    default:
      throw new Error(`unknown type "${type}"`);
  }
}
