import type { Core } from '../piece.ts';
import { readCookie } from './cookies.ts';

declare global {
  interface Window {
    OnetrustActiveGroups?: string;
    OneTrust?: OneTrust;
  }
}

interface OneTrust {
  IsAlertBoxClosed?(): boolean;
  GetDomainData?(): { readonly ConsentModel?: { readonly Name?: string } };
}

/**
 * Groups by their id (`C0002`). The script says which are active when it has loaded and whenever the visitor chooses
 * (`OneTrustGroupsUpdated`); until then its cookie does, which lists them all.
 * https://developer.onetrust.com/onetrust/docs/javascript-events-guide
 */
export function onetrust({ consent_: consent }: Core): void {
  const read = () => {
    const groups: Record<string, boolean> = {};
    const cookie = new URLSearchParams(readCookie('OptanonConsent')).get('groups') || '';
    for (const [, group = '', granted] of all(/([^,:]+):(\d)/g, cookie)) groups[group] = granted === '1';
    const { OnetrustActiveGroups: active, OneTrust: api } = window;
    if (active !== undefined) {
      for (const group in groups) groups[group] = false;
      for (const [group = ''] of all(/[^,]+/g, String(active))) groups[group] = true;
    }
    const chosen = readCookie('OptanonAlertBoxClosed') || api?.IsAlertBoxClosed?.();
    const domain = api?.GetDomainData?.();
    const model = domain?.ConsentModel?.Name || 'opt-in';
    if (active !== undefined || cookie) consent(groups, !!chosen || model !== 'opt-in');
  };
  addEventListener('OneTrustGroupsUpdated', read);
  read();
}

function all(pattern: RegExp, text: string): string[][] {
  const found: string[][] = [];
  text.replace(pattern, (...match) => {
    found.push(match);
    return '';
  });
  return found;
}
