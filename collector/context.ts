import type { EventContext, PageContext } from './event.ts';
import { cut } from './landing.ts';

declare const __VERSION__: string | undefined;
/** package.json's, put in by the build. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';

export function readPage(): PageContext {
  return {
    url: cut(location.href),
    path: cut(location.pathname),
    referrer: cut(document.referrer),
    title: cut(document.title),
    search: cut(location.search),
  };
}

/** The user agent is not here: the gateway has it from the request. */
export function readContext(page: PageContext, landing: string | undefined): EventContext {
  timezone = timezone || readTimezone();
  return {
    page,
    locale: navigator.language,
    timezone,
    screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
    viewport: { width: innerWidth, height: innerHeight },
    userAgentData,
    landing,
    library: { name: 'datafly.js', version: VERSION },
  };
}

/** `Temporal` where there is one: a first `Intl.DateTimeFormat` takes a phone tens of milliseconds. Ask once. */
function readTimezone(): string | undefined {
  const Temporal = window.Temporal;
  return Temporal ? Temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

let timezone: string | undefined;
let userAgentData: unknown;

/**
 * The brands and platform that requests name too, and the model and platform version that they name only to who asks
 * for them: what a Chromium's frozen user agent no longer says. The answer takes some milliseconds.
 */
export function askClientHints(): void {
  const { userAgentData: hints } = navigator;
  if (hints) {
    hints.getHighEntropyValues(['model', 'platformVersion']).then(
      (values) => {
        userAgentData = values;
      },
      () => {},
    );
  }
}

declare global {
  interface Window {
    readonly Temporal?: { readonly Now: { timeZoneId(): string } };
  }
  interface Navigator {
    readonly userAgentData?: { getHighEntropyValues(names: readonly string[]): Promise<unknown> };
  }
}
