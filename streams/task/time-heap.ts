/** Something that is due at a time. */
export interface Timed {
  readonly at: number;
}

/**
 * A binary heap, the earliest at 0, that moves as Java's `PriorityQueue` does: among things of the same time, that
 * decides which comes first in Kafka Streams, and so it does here.
 */
export function pushTimed<T extends Timed>(heap: T[], added: T): void {
  let hole = heap.length;
  while (hole > 0) {
    const above = (hole - 1) >>> 1;
    const parent = heap[above] as T;
    if (added.at >= parent.at) break;
    heap[hole] = parent;
    hole = above;
  }
  heap[hole] = added;
}

/** Takes the earliest out; undefined if there is nothing. */
export function popTimed<T extends Timed>(heap: T[]): T | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let hole = 0;
  for (let below = 1; below < heap.length; below = 2 * hole + 1) {
    const right = heap[below + 1];
    if (right !== undefined && right.at < (heap[below] as T).at) below++;
    const child = heap[below] as T;
    if (last.at <= child.at) break;
    heap[hole] = child;
    hole = below;
  }
  heap[hole] = last;
  return first;
}
