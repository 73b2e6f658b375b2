/**
 * Each event once, as it came first. A page that is left hands what is in flight to a beacon and keeps it for the next
 * page, and two tabs may take the same from the queue they share: then an event comes again, under the messageId it had.
 */
export function firstOfEach<T extends { readonly messageId: string }>(events: readonly T[]): readonly T[] {
  const first = new Map<string, T>();
  for (const event of events) if (!first.has(event.messageId)) first.set(event.messageId, event);
  return [...first.values()];
}

/** The messageIds that came more than once. */
export function repeatsIn(events: readonly { readonly messageId: string }[]): readonly string[] {
  const once = new Set(firstOfEach(events));
  return events.filter((event) => !once.has(event)).map(({ messageId }) => messageId);
}
