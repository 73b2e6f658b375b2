import { TopologyError } from '../errors.ts';
import type { Named } from './options.ts';
import { checkWhole } from './windows.ts';

/** What happens when a suppression buffer is full. */
export interface SuppressBuffer {
  readonly maxRecords?: number | undefined;
  /** Of encoded keys and values. */
  readonly maxBytes?: number | undefined;
  /** Send the earliest before their time, or stop the task with an error. */
  readonly whenFull: 'emit-early' | 'shut-down';
}

/** Holds a table's changes back. */
export type Suppressed = Named &
  (
    | {
        /** Only the last change of a window is sent, once, when the window takes no more records. */
        readonly until: 'window-closes';
        /** Without, the buffer may grow; it cannot send early without breaking its promise. */
        readonly buffer?: (SuppressBuffer & { readonly whenFull: 'shut-down' }) | undefined;
      }
    | {
        /** A change is sent when stream time has moved on by `ms` since the row's first one held back. */
        readonly until: 'time-limit';
        readonly ms: number;
        readonly buffer?: SuppressBuffer | undefined;
      }
  );

export function checkSuppressed(node: string, suppressed: Suppressed): void {
  const { maxRecords = 0, maxBytes = 0, whenFull } = suppressed.buffer ?? {};
  if (!(maxRecords >= 0 && maxBytes >= 0)) {
    throw new TopologyError(node, `its buffer is to hold ${maxRecords} records, ${maxBytes} bytes at most`);
  }
  if (suppressed.until === 'time-limit') {
    checkWhole(node, 'time limit', suppressed.ms);
    if (suppressed.ms < 0)
      throw new TopologyError(node, `its time limit is ${suppressed.ms} ms; it cannot be negative`);
  } else if (whenFull !== undefined && whenFull !== 'shut-down') {
    throw new TopologyError(node, 'cannot send results early and only once a window is closed');
  }
}
