// Everything that can go wrong here; each reaches the page only through `on('error', fn)`.

export type CollectorError =
  /** A call was not as documented, or its event is not JSON or over 32 KB: it was not carried out. `message` says why. */
  | { readonly code: 'call_failed'; readonly message: string }
  /** Too much waits to be sent, so the oldest events were dropped: `dropped` in all since the page loaded. */
  | { readonly code: 'queue_full'; readonly dropped: number }
  /**
   * The gateway refused these events for good, so they were dropped. 200: it took the others of their batch; any
   * other HTTP status is for the whole batch (401: see the key).
   */
  | { readonly code: 'refused'; readonly status: number; readonly messageIds: readonly string[] };
