import type { Core } from '../piece.ts';

// What TypeScript's own types leave out.
interface Entry extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly interactionId: number;
  readonly responseStart: number;
  readonly activationStart: number;
}

// https://web.dev/articles/cls: shifts less than a second apart are one session, of five seconds at most.
const SESSION_GAP_MS = 1_000;
const SESSION_MS = 5_000;
// https://web.dev/articles/inp: of each fifty interactions the slowest one is an outlier.
const INTERACTIONS_PER_OUTLIER = 50;

/** `Web Vitals Measured`, once, when the page is first hidden or left: milliseconds, and the score of CLS. */
export function webVitals({ api }: Core): void {
  const vitals: Record<string, number> = {};
  const interactions: Record<number, number> = {};
  let session = 0;
  let first = 0;
  let last = 0;
  let cls = 0;
  let sent = false;
  // A page that loads in the background paints when somebody looks.
  const unseen = document.visibilityState === 'hidden';
  const round = (value: number) => Math.round(value * 1e4) / 1e4;

  const observe = (type: string, each: (entry: Entry) => void, options?: object) => {
    try {
      new PerformanceObserver((list) => {
        const entries: Entry[] = Object(list.getEntries());
        for (const entry of entries) each(entry);
      }).observe({ type, buffered: true, ...options });
    } catch {
      // This browser does not measure it.
    }
  };
  const [navigation]: (Entry | undefined)[] = Object(performance.getEntriesByType('navigation'));
  const since = (time: number) => Math.round(Math.max(0, time - (navigation?.activationStart || 0)));
  if (navigation?.responseStart) vitals.ttfb = since(navigation.responseStart);

  if (!unseen) {
    observe('largest-contentful-paint', ({ startTime }) => {
      vitals.lcp = since(startTime);
    });
    observe('paint', ({ name, startTime }) => {
      if (name === 'first-contentful-paint') vitals.fcp = since(startTime);
    });
  }
  observe('layout-shift', ({ value, hadRecentInput, startTime }) => {
    vitals.cls = round(cls);
    if (hadRecentInput) return;
    if (startTime - last > SESSION_GAP_MS || startTime - first > SESSION_MS) {
      session = 0;
      first = startTime;
    }
    last = startTime;
    session += value;
    cls = Math.max(cls, session);
    vitals.cls = round(cls);
  });
  const interaction = ({ interactionId: id, duration }: Entry) => {
    if (id) interactions[id] = Math.max(interactions[id] || 0, duration);
    const slowest = Object.values(interactions).sort((a, b) => b - a);
    const inp = slowest[Math.floor(slowest.length / INTERACTIONS_PER_OUTLIER)];
    if (inp) vitals.inp = Math.round(inp);
  };
  observe('event', interaction, { durationThreshold: 40 });
  observe('first-input', interaction);

  const send = () => {
    if (!sent && document.visibilityState === 'hidden' && Object.keys(vitals).length) {
      sent = true;
      api.track('Web Vitals Measured', vitals);
    }
  };
  document.addEventListener('visibilitychange', send);
  addEventListener('pagehide', send);
}
