/** Times in epoch milliseconds. `end` is exclusive for a time window, inclusive for a session. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** A key within a window: the key of a windowed table. */
export interface Windowed<K> {
  readonly key: K;
  readonly window: Window;
}

export const windowed = <K>(key: K, start: number, end: number): Windowed<K> => ({
  key,
  window: { start, end },
});
