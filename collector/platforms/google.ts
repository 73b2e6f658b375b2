import type { Core } from '../piece.ts';

declare global {
  interface Window {
    dataLayer?: unknown[];
  }
}

/**
 * Google Consent Mode: what `gtag('consent', 'default' | 'update', …)` puts into the data layer, in Google's words
 * (`analytics_storage`). A default that grants all is a choice nobody need make; one for some regions only is not
 * ours to judge. https://developers.google.com/tag-platform/security/guides/consent
 */
export function google({ consent_: consent }: Core): void {
  const layer = window.dataLayer || [];
  window.dataLayer = layer;
  let said: Record<string, boolean> = {};
  let chosen = false;
  const read = (entry: unknown) => {
    const [command, action, states]: unknown[] = Array.from(Object(entry));
    if (command !== 'consent' || Object(states).region) return;
    for (const [type, state] of Object.entries(Object(states))) {
      if (typeof state === 'string') said = { ...said, [type]: state === 'granted' };
    }
    chosen = chosen || action === 'update';
    consent(said, chosen || Object.values(said).every(Boolean));
  };
  layer.forEach(read);
  const push = layer.push;
  layer.push = function (this: unknown[], ...entries) {
    const length = push.apply(this, entries);
    entries.forEach(read);
    return length;
  };
}
