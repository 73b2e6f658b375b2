import type { Named } from './options.ts';

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
