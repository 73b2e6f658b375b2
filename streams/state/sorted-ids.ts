/** A key as a string that sorts as its bytes do and costs no copy to hash. */
export const idOf = (key: Buffer): string => key.toString('latin1');

export const keyOf = (id: string): Buffer => Buffer.from(id, 'latin1');

/** Index of the first id in a sorted list that is not less than `id`. */
export function lowerBound(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  // New ids are usually the greatest: time moves forward.
  if (high > 0 && (sorted[high - 1] as string) < id) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds `id` where it belongs, unless it is there. */
export function insertSorted(sorted: string[], id: string): void {
  const index = lowerBound(sorted, id);
  if (index === sorted.length) sorted.push(id);
  else if (sorted[index] !== id) sorted.splice(index, 0, id);
}

export function removeSorted(sorted: string[], id: string): void {
  const index = lowerBound(sorted, id);
  if (sorted[index] === id) sorted.splice(index, 1);
}
