import type { Core } from '../piece.ts';

// A loop that throws would otherwise be all there is to read.
const MAX_ERRORS = 10;

/** `Error Occurred`: scripts' errors nobody caught, each kind once and few for a page, without what may be personal. */
export function errors({ api }: Core): void {
  const seen = new Set<string>();
  const report = (message: unknown, source: string, line?: number, column?: number) => {
    const text = withoutData(String(message)).slice(0, 300);
    const key = `${text} ${source} ${line}`;
    if (seen.size >= MAX_ERRORS || seen.has(key)) return;
    seen.add(key);
    api.track('Error Occurred', { message: text, source: source.replace(/[?#].*/, ''), line, column });
  };
  addEventListener('error', ({ message, filename, lineno, colno }) => {
    // Without a file it is an image that failed, or another site's script, of which a browser tells nothing.
    if (filename) report(message, filename, lineno, colno);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    report(reason instanceof Error ? reason : 'Unhandled rejection', location.origin + location.pathname);
  });
}

/** Messages quote what they stumbled over: addresses' queries, e-mail addresses, long numbers, quoted text. */
function withoutData(message: string): string {
  return message
    .replace(/[?#]\S+/g, '')
    .replace(/\S+@\S+|\d{5,}/g, '*')
    .replace(/"[^"]*"/g, '"*"');
}
