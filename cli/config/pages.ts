/** A page of the API's lists. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

/** Calls `show` with each entry of a list, reading page by page. `query`: what is asked for besides. */
export async function eachEntry<Q extends Readonly<Record<string, string>>, T>(
  query: Q,
  read: (query: Q & { readonly limit: string; readonly cursor?: string }) => Promise<Page<T>>,
  show: (entry: T) => void,
): Promise<void> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await read({ ...query, limit: '100', ...(cursor === '' ? {} : { cursor }) });
    for (const entry of page.data) show(entry);
    cursor = page.next_cursor;
  }
}
