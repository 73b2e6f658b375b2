import type { Core } from '../piece.ts';
import { readCookie } from './cookies.ts';

declare global {
  interface Window {
    Cookiebot?: { readonly consent?: Readonly<Record<string, unknown>>; readonly hasResponse?: boolean };
  }
}

const CATEGORIES = ['necessary', 'preferences', 'statistics', 'marketing'];

/**
 * https://www.cookiebot.com/en/developer/: `Cookiebot.consent` and `hasResponse`, told of by events on the window;
 * until its script has loaded, its cookie, which it writes when the visitor has answered. -1: nobody need ask here.
 */
export function cookiebot({ consent_: consent }: Core): void {
  const read = () => {
    const { Cookiebot: api } = window;
    const cookie = decodeURIComponent(readCookie('CookieConsent') || '');
    const said: Record<string, boolean> = {};
    for (const category of CATEGORIES) {
      said[category] = api?.consent
        ? !!api.consent[category]
        : cookie === '-1' || cookie.includes(`${category}:true`);
    }
    if (api || cookie) consent(said, !!(api?.hasResponse || cookie.length > 1));
  };
  for (const event of ['ConsentReady', 'Accept', 'Decline']) addEventListener(`CookiebotOn${event}`, read);
  read();
}
