// What `import datafly from '@datafly/collector'` gives: the same collector, started by a call instead of a script tag.
import type { Datafly } from './api.ts';
import { DEFAULTS, type ScriptSettings } from './config.ts';
import { VERSION } from './context.ts';
import { clicks as clicksPiece } from './modules/clicks.ts';
import { crossDomain as crossDomainPiece } from './modules/cross-domain.ts';
import { downloads as downloadsPiece } from './modules/downloads.ts';
import { errors as errorsPiece } from './modules/errors.ts';
import { forms as formsPiece } from './modules/forms.ts';
import { outboundLinks as outboundLinksPiece } from './modules/outbound-links.ts';
import { scroll as scrollPiece } from './modules/scroll.ts';
import { tags as tagsPiece } from './modules/tags.ts';
import { video as videoPiece } from './modules/video.ts';
import { webVitals as webVitalsPiece } from './modules/web-vitals.ts';
import { collectorOf } from './once.ts';
import type { Piece } from './piece.ts';
import { cookiebot as cookiebotPiece } from './platforms/cookiebot.ts';
import { custom as customPiece } from './platforms/custom.ts';
import { didomi as didomiPiece } from './platforms/didomi.ts';
import { google as googlePiece } from './platforms/google.ts';
import { onetrust as onetrustPiece } from './platforms/onetrust.ts';
import { osano as osanoPiece } from './platforms/osano.ts';
import { tcf as tcfPiece } from './platforms/tcf.ts';

export type { Datafly } from './api.ts';
export type { CustomConsent } from './config.ts';
export type { CollectorError } from './errors.ts';
export type { CollectedEvent, ConsentCategories, Properties } from './event.ts';
export type { TagDefinition } from './modules/tags.ts';
export type { Piece } from './piece.ts';
/** The optional modules, for `init`'s `use`; a bundler leaves out those that are not named. */
export const clicks: Piece = clicksPiece;
export const crossDomain: Piece = crossDomainPiece;
export const downloads: Piece = downloadsPiece;
export const errors: Piece = errorsPiece;
export const forms: Piece = formsPiece;
export const outboundLinks: Piece = outboundLinksPiece;
export const scroll: Piece = scrollPiece;
export const tags: Piece = tagsPiece;
export const video: Piece = videoPiece;
export const webVitals: Piece = webVitalsPiece;

/** The readers of consent platforms, likewise. */
export const cookiebot: Piece = cookiebotPiece;
export const custom: Piece = customPiece;
export const didomi: Piece = didomiPiece;
export const google: Piece = googlePiece;
export const onetrust: Piece = onetrustPiece;
export const osano: Piece = osanoPiece;
export const tcf: Piece = tcfPiece;

export interface InitOptions extends Omit<ScriptSettings, 'linkedDomains'> {
  /** `dk_live_…` or `dk_test_…`. */
  readonly pipelineKey: string;
  /** The gateway's base URL, on the site's own domain. */
  readonly endpoint: string;
  /** Domains whose links carry the visitor along, with `crossDomain` in `use`. */
  readonly crossDomain?: { readonly linkedDomains?: readonly string[] } | undefined;
  /** Optional modules, and the reader of a consent platform. */
  readonly use?: readonly Piece[] | undefined;
}

export interface DataflyModule extends Datafly {
  /**
   * Starts collecting; calls made before are made now. Once: a second call changes nothing. Where there is no page (a
   * server that renders it) it does nothing.
   */
  init(options: InitOptions): void;
}

let started: Datafly | undefined;
const waiting: ((api: Datafly) => void)[] = [];

function call(make: (api: Datafly) => void): void {
  if (started) make(started);
  else waiting.push(make);
}

const datafly: DataflyModule = {
  version: VERSION,
  init({ pipelineKey, endpoint, crossDomain: { linkedDomains } = {}, use = [], ...settings }) {
    if (started || typeof document === 'undefined') return;
    const config = {
      ...DEFAULTS,
      ...settings,
      linkedDomains,
      pipelineKey,
      endpoint: endpoint.replace(/\/+$/, ''),
    };
    const { api_: api, start_: start } = collectorOf(config, use);
    started = api;
    for (const make of waiting.splice(0)) make(api);
    start();
  },
  page: (...args) => call((api) => api.page(...args)),
  track: (...args) => call((api) => api.track(...args)),
  identify: (...args) => call((api) => api.identify(...args)),
  group: (...args) => call((api) => api.group(...args)),
  alias: (...args) => call((api) => api.alias(...args)),
  reset: () => call((api) => api.reset()),
  setConsent: (...args) => call((api) => api.setConsent(...args)),
  ready: (...args) => call((api) => api.ready(...args)),
  push: (...args) => call((api) => api.push(...args)),
  debug: (...args) => call((api) => api.debug(...args)),
  getAnonymousId: () => started?.getAnonymousId(),
  flush: () => (started ? started.flush() : Promise.resolve()),
  on(...args) {
    let stop = () => {};
    call((api) => {
      stop = api.on(...args);
    });
    return () => stop();
  },
  injectTag: (...args) => !!started?.injectTag?.(...args),
  removeTag: (...args) => !!started?.removeTag?.(...args),
};

export default datafly;
