/**
 * A page view for the load, for each return to a page that the browser had kept alive (back/forward cache), and for
 * each address the page gives itself: `pushState`, `replaceState`, back, forward and the hash.
 */
export interface PageViews {
  start_(): void;
  /** Sends the page view that is waiting, because something is about to happen on that page. */
  settle_(): void;
  /** A page view was sent, by whomever: it takes the place of one that is waiting. */
  seen_(): void;
  /** The page is going away: sends what has not been sent. */
  leave_(): void;
}

// Long enough for a site to set the title after the address, or to redirect; too short for a visitor to act.
const NAVIGATION_SETTLES_MS = 50;

export function createPageViews(send: () => void): PageViews {
  let address = location.href;
  let any: boolean | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const settle = () => {
    if (waiting) send();
  };
  const first = () => {
    if (!any) send();
  };
  const onAddress = () => {
    if (location.href === address) return;
    address = location.href;
    clearTimeout(waiting);
    waiting = setTimeout(send, NAVIGATION_SETTLES_MS);
  };
  const onShow = (event: PageTransitionEvent) => {
    if (event.persisted) send();
  };
  return {
    start_() {
      // Until the document is parsed it may have no title yet.
      if (document.readyState === 'loading') addEventListener('DOMContentLoaded', first);
      else first();
      watchHistory(settle, onAddress);
      // Also told of a changed hash.
      addEventListener('popstate', onAddress);
    },
    settle_: settle,
    seen_() {
      any = true;
      clearTimeout(waiting);
      waiting = undefined;
    },
    leave_() {
      first();
      settle();
      // Nobody returns to a page that was not left. Added once, however often it is left.
      addEventListener('pageshow', onShow);
    },
  };
}

/** A push leaves the page before it behind as one that was seen; a replace says that it never was. */
function watchHistory(beforePush: () => void, after: () => void): void {
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method];
    history[method] = (...args: Parameters<History['pushState']>) => {
      if (method === 'pushState') beforePush();
      original.apply(history, args);
      after();
    };
  }
}
