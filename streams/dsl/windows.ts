import { TopologyError } from '../errors.ts';

/** Windows of fixed size, aligned to the epoch. Without `advanceMs` they tumble, one behind the other; with a smaller
 * one they hop, and overlap. All in milliseconds. */
export interface TimeWindows {
  readonly sizeMs: number;
  readonly advanceMs?: number | undefined;
  /** How long after its end a window still takes records. Default 0. */
  readonly graceMs?: number | undefined;
}

/** Windows that last as long as records of a key follow each other by at most `gapMs`. */
export interface SessionWindows {
  readonly gapMs: number;
  readonly graceMs?: number | undefined;
}

/** How far apart two records of one key may lie in time: the other one from `beforeMs` before this stream's to
 * `afterMs` after it. Either may be negative, as long as they leave a window. */
export interface JoinWindows {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly graceMs?: number | undefined;
}

export type EmitStrategy =
  /** Every change of a window, at once. */
  | 'on-window-update'
  /** Each window once, when its grace is over. */
  | 'on-window-close';

export function checkTimeWindows(
  node: string,
  { sizeMs, advanceMs = sizeMs, graceMs = 0 }: TimeWindows,
): void {
  if (!(sizeMs > 0))
    throw new TopologyError(node, `its windows are ${sizeMs} ms long; they must be longer than 0`);
  checkWhole(node, 'size', sizeMs);
  if (!(advanceMs > 0 && advanceMs <= sizeMs)) {
    throw new TopologyError(
      node,
      `its windows advance by ${advanceMs} ms; that must be more than 0 and at most ${sizeMs}`,
    );
  }
  checkWhole(node, 'advance', advanceMs);
  checkGrace(node, graceMs);
}

export function checkSessionWindows(node: string, { gapMs, graceMs = 0 }: SessionWindows): void {
  if (!(gapMs > 0)) throw new TopologyError(node, `its sessions' gap is ${gapMs} ms; it must be more than 0`);
  checkWhole(node, 'gap', gapMs);
  checkGrace(node, graceMs);
}

export function checkJoinWindows(node: string, { beforeMs, afterMs, graceMs = 0 }: JoinWindows): void {
  if (!(beforeMs + afterMs >= 0)) {
    throw new TopologyError(node, `its window from ${-beforeMs} to ${afterMs} ms ends before it begins`);
  }
  checkWhole(node, 'before', beforeMs);
  checkWhole(node, 'after', afterMs);
  checkGrace(node, graceMs);
}

function checkGrace(node: string, graceMs: number): void {
  if (!(graceMs >= 0)) throw new TopologyError(node, `its grace is ${graceMs} ms; it cannot be negative`);
  checkWhole(node, 'grace', graceMs);
}

/** Timestamps are whole, and arithmetic with what is not, or is endless, loses records without a word. */
export function checkWhole(node: string, what: string, value: number): void {
  if (Number.isSafeInteger(value)) return;
  throw new TopologyError(node, `its ${what} is ${value} ms; it must be a whole number of milliseconds`);
}

/** The starts of the windows that contain a time, in order. */
export function windowStartsFor({ sizeMs, advanceMs = sizeMs }: TimeWindows, timestamp: number): number[] {
  const starts: number[] = [];
  const first = Math.floor(Math.max(0, timestamp - sizeMs + advanceMs) / advanceMs) * advanceMs;
  for (let start = first; start <= timestamp; start += advanceMs) starts.push(start);
  return starts;
}
