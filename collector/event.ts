// The events this collector makes, as the gateway's /v1/batch takes them.

export type Properties = Readonly<Record<string, unknown>>;

/** Category code → granted. Codes are the consent platform's own, or Signal's canonical ones. */
export type ConsentCategories = Readonly<Record<string, boolean>>;

export interface PageContext {
  readonly url: string;
  readonly path: string;
  readonly referrer: string;
  readonly title: string;
  readonly search: string;
}

export interface EventContext {
  readonly page: PageContext;
  readonly locale: string;
  readonly timezone: string | undefined;
  /** CSS pixels; density is device pixels per CSS pixel. */
  readonly screen: { readonly width: number; readonly height: number; readonly density: number };
  /** What can be seen at a time, CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number };
  /** As User-Agent Client Hints give it: brands, mobile, platform, platformVersion, model. Chromium only. */
  readonly userAgentData?: unknown;
  /** The query of the visit's landing page, where an advertisement led to it: campaign and click ids are in it. */
  readonly landing?: string | undefined;
  /** Absent until the visitor has decided: "nothing known" is not "denied". */
  readonly consent?: { readonly categories: ConsentCategories } | undefined;
  readonly library: { readonly name: 'datafly.js'; readonly version: string };
}

/** What differs between the kinds of event; the collector adds the rest. */
export type EventBody =
  | { readonly type: 'track'; readonly event: string; readonly properties: Properties }
  | { readonly type: 'page'; readonly name?: string | undefined; readonly properties: Properties }
  | { readonly type: 'identify'; readonly traits: Properties }
  | { readonly type: 'group'; readonly traits: Properties }
  | { readonly type: 'alias'; readonly previousId?: string | undefined }
  /** Consent was given or withdrawn; what it is now is in the context, as on every event. */
  | { readonly type: 'consent' };

export type CollectedEvent = EventBody & {
  readonly userId?: string | undefined;
  readonly groupId?: string | undefined;
  /** Absent while only the gateway's HttpOnly cookie knows it. */
  readonly anonymousId?: string | undefined;
  readonly context: EventContext;
  /** ISO 8601, milliseconds, by the browser's clock. */
  readonly timestamp: string;
  /** `evt_` + UUID; the gateway deduplicates by it, so sending an event twice is harmless. */
  readonly messageId: string;
};
