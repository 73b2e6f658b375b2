import type { Core } from '../piece.ts';

declare global {
  interface Window {
    Osano?: Osano;
  }
}

type Osano = ((...call: unknown[]) => void) & { data?: unknown[] };

/**
 * Categories in its own words (`ANALYTICS`). The function that takes calls before its script has loaded is Osano's
 * own. https://developers.osano.com/cmp/javascript-api: `onInitialized` gives nothing where nobody has chosen yet.
 */
export function osano({ consent_: consent }: Core): void {
  const calls: unknown[] = [];
  const api: Osano =
    window.Osano || Object.assign((...call: unknown[]) => void calls.push(call), { data: calls });
  window.Osano = api;
  const read = (given: unknown) => {
    const said: Record<string, boolean> = {};
    for (const [category, answer] of Object.entries(Object(given))) said[category] = answer === 'ACCEPT';
    consent(said, !!given);
  };
  api('onInitialized', read);
  api('onConsentSaved', read);
}
