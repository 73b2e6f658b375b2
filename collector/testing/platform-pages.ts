// biome-ignore-all lint/suspicious/noDocumentCookie: as the platforms do
// What a page finds of each consent platform, as its documentation says: enough for a reader to be tested against.
import type { ConsentPlatform } from '../index.ts';

export interface PlatformPage {
  readonly platform: ConsentPlatform;
  /** For the head; `chosen`: the visitor has accepted on an earlier page. */
  script(chosen?: boolean): string;
  /** In the page, once it has `chooses`: the visitor accepts all or nothing. */
  readonly choose: (accept: boolean) => void;
  readonly granted: Readonly<Record<string, boolean>>;
  readonly denied: Readonly<Record<string, boolean>>;
}

const inline = (code: (chosen: boolean) => void, chosen = false) => `<script>(${code})(${chosen})</script>`;
const choose = (accept: boolean) => {
  const { chooses }: { chooses?: unknown } = Object(window);
  if (typeof chooses === 'function') chooses(accept);
};

export const PLATFORM_PAGES: Readonly<Record<string, PlatformPage>> = {
  OneTrust: {
    platform: 'onetrust',
    choose,
    granted: { C0001: true, C0002: true, C0004: true },
    denied: { C0001: true, C0002: false, C0004: false },
    script: (chosen) =>
      inline((before) => {
        let closed = before;
        // Its script writes the cookie when it has loaded, whether anybody has chosen or not.
        const apply = (accept: boolean) => {
          const groups = accept ? ['C0001', 'C0002', 'C0004'] : ['C0001'];
          const flag = accept ? 1 : 0;
          document.cookie = `OptanonConsent=${encodeURIComponent('isGpcEnabled')}=0&groups=C0001%3A1%2CC0002%3A${flag}%2CC0004%3A${flag}&hosts=;path=/`;
          if (closed) document.cookie = 'OptanonAlertBoxClosed=2026-01-01T00:00:00.000Z;path=/';
          Object.assign(window, {
            OnetrustActiveGroups: `,${groups.join(',')},`,
            OneTrust: {
              IsAlertBoxClosed: () => closed,
              GetDomainData: () => ({ ConsentModel: { Name: 'opt-in' } }),
            },
          });
          dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: groups }));
        };
        const chooses = (accept: boolean) => {
          closed = true;
          apply(accept);
        };
        setTimeout(() => {
          apply(before);
          Object.assign(window, { chooses });
        }, 50);
      }, chosen),
  },
  Cookiebot: {
    platform: 'cookiebot',
    choose,
    granted: { necessary: true, preferences: true, statistics: true, marketing: true },
    denied: { necessary: true, preferences: false, statistics: false, marketing: false },
    script: (chosen) =>
      inline((before) => {
        const apply = (accept: boolean, answered: boolean) => {
          const consent = { necessary: true, preferences: accept, statistics: accept, marketing: accept };
          Object.assign(window, { Cookiebot: { consent, hasResponse: answered } });
          if (!answered) return;
          const pairs = Object.entries(consent).map((pair) => pair.join(':'));
          document.cookie = `CookieConsent=${encodeURIComponent(`{stamp:'x',${pairs},method:'explicit',ver:1}`)};path=/`;
          dispatchEvent(new Event('CookiebotOnConsentReady'));
          dispatchEvent(new Event(accept ? 'CookiebotOnAccept' : 'CookiebotOnDecline'));
        };
        setTimeout(() => {
          apply(before, before);
          Object.assign(window, { chooses: (accept: boolean) => apply(accept, true) });
        }, 50);
      }, chosen),
  },
  Didomi: {
    platform: 'didomi',
    choose,
    granted: { cookies: true, analytics: true },
    denied: { cookies: false, analytics: false },
    script: (chosen) =>
      inline((before) => {
        let accepted = before;
        let answered = before;
        const page: { didomiOnReady?: ((api: object) => void)[]; didomiEventListeners?: unknown[] } =
          Object(window);
        setTimeout(() => {
          const status = () => ({ id: '', enabled: accepted });
          const api = {
            getCurrentUserStatus: () => ({ purposes: { cookies: status(), analytics: status() } }),
            shouldUserStatusBeCollected: () => !answered,
          };
          for (const ready of page.didomiOnReady || []) ready(api);
          // From now on what is pushed is called at once.
          page.didomiOnReady = Object.assign([], { push: (ready: (api: object) => void) => ready(api) });
          Object.assign(page, { didomiEventListeners: page.didomiEventListeners || [] });
          Object.assign(window, { chooses });
        }, 50);
        const chooses = (accept: boolean) => {
          accepted = accept;
          answered = true;
          for (const entry of page.didomiEventListeners || []) {
            const { event, listener } = Object(entry);
            if (event === 'consent.changed') listener({});
          }
        };
      }, chosen),
  },
  Osano: {
    platform: 'osano',
    choose,
    granted: { ESSENTIAL: true, ANALYTICS: true, MARKETING: true },
    denied: { ESSENTIAL: true, ANALYTICS: false, MARKETING: false },
    script: (chosen) =>
      inline((before) => {
        const says = (accept: boolean) => {
          const answer = accept ? 'ACCEPT' : 'DENY';
          return { ESSENTIAL: 'ACCEPT', ANALYTICS: answer, MARKETING: answer };
        };
        const saved: ((consent: object) => void)[] = [];
        const take = (call: ArrayLike<unknown>) => {
          const [event, listener] = Array.from(call);
          if (typeof listener !== 'function') return;
          if (event === 'onInitialized') listener(before ? says(true) : undefined);
          if (event === 'onConsentSaved') saved.push((consent) => listener(consent));
        };
        // Until its script has loaded, calls wait in `data`.
        setTimeout(() => {
          const { Osano }: { Osano?: { data?: ArrayLike<unknown>[] } } = Object(window);
          for (const call of Osano?.data || []) take(call);
          const chooses = (accept: boolean) => {
            for (const listener of saved) listener(says(accept));
          };
          Object.assign(window, { Osano: (...call: unknown[]) => take(call), chooses });
        }, 50);
      }, chosen),
  },
  'the TCF': {
    platform: 'tcf',
    choose,
    granted: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n + 1, true])),
    denied: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n + 1, false])),
    script: (chosen) =>
      inline((before) => {
        const listeners: ((data: object, success: boolean) => void)[] = [];
        const data = (eventStatus: string, accept: boolean) => ({
          eventStatus,
          gdprApplies: true,
          purpose: {
            consents: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [n + 1, accept])),
          },
        });
        Object.assign(window, {
          __tcfapi(command: string, version: number, listener: (data: object, success: boolean) => void) {
            if (command !== 'addEventListener' || version !== 2) return;
            listeners.push(listener);
            setTimeout(() => listener(before ? data('tcloaded', true) : data('cmpuishown', false), true), 50);
          },
          chooses(accept: boolean) {
            for (const listener of listeners) listener(data('useractioncomplete', accept), true);
          },
        });
      }, chosen),
  },
  'Google’s consent mode': {
    platform: 'google',
    choose,
    granted: { ad_storage: true, analytics_storage: true },
    denied: { ad_storage: false, analytics_storage: false },
    script: (chosen) =>
      inline((before) => {
        const layer: unknown[] = [];
        function gtag(..._call: unknown[]) {
          // biome-ignore lint/complexity/noArguments: what Google's own snippet pushes
          layer.push(arguments);
        }
        Object.assign(window, { dataLayer: layer });
        const say = (action: string, accept: boolean) => {
          const state = accept ? 'granted' : 'denied';
          gtag('consent', action, { ad_storage: state, analytics_storage: state, wait_for_update: 500 });
        };
        say('default', false);
        if (before) say('update', true);
        Object.assign(window, { chooses: (accept: boolean) => say('update', accept) });
      }, chosen),
  },
};
