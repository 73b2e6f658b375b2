import type { ConsentCategories, EventContext, PageContext } from './event.ts';
import type { Landing } from './landing.ts';

declare const __VERSION__: string | undefined;
/** package.json's, put in by the build. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';

// An address may be megabytes long; an event may not.
const MAX_LENGTH = 4_096;

export function readPage(): PageContext {
  const cut = (text: string) => text.slice(0, MAX_LENGTH);
  return {
    url: cut(location.href),
    path: cut(location.pathname),
    referrer: cut(document.referrer),
    title: cut(document.title),
    search: cut(location.search),
  };
}

/** The user agent is not here: the gateway has it from the request. */
export function readContext(
  landing: Landing | undefined,
  consent: ConsentCategories | undefined,
): EventContext {
  return {
    page: readPage(),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
    ...landing,
    consent: consent && { categories: consent },
    library: { name: 'datafly.js', version: VERSION },
  };
}
