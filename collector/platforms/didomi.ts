import type { Core } from '../piece.ts';

declare global {
  interface Window {
    didomiOnReady?: unknown[];
    didomiEventListeners?: unknown[];
  }
}

interface Didomi {
  getCurrentUserStatus(): { readonly purposes: Readonly<Record<string, { readonly enabled: boolean }>> };
  shouldUserStatusBeCollected(): boolean;
}

/**
 * Purposes by their id. https://developers.didomi.io/cmp/web-sdk/reference: what waits in `didomiOnReady` is called
 * when its script is ready, at once where it is; what is in `didomiEventListeners` whenever the visitor chooses.
 */
export function didomi({ consent_: consent }: Core): void {
  const onReady = window.didomiOnReady || [];
  const listeners = window.didomiEventListeners || [];
  window.didomiOnReady = onReady;
  window.didomiEventListeners = listeners;
  onReady.push((api: Didomi) => {
    const read = () => {
      const purposes: Record<string, boolean> = {};
      for (const [id, { enabled }] of Object.entries(api.getCurrentUserStatus().purposes))
        purposes[id] = enabled;
      consent(purposes, !api.shouldUserStatusBeCollected());
    };
    listeners.push({ event: 'consent.changed', listener: read });
    read();
  });
}
