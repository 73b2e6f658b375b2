import type { Notices } from './emitter.ts';
import type { ConsentCategories, Properties } from './event.ts';
import type { TagDefinition } from './modules/tags.ts';

/** What a page sees as `datafly`. No method throws; a call that is not as described is reported by `on('error')`. */
export interface Datafly {
  readonly version: string;
  /** Sent by itself on load and navigation; call it where the address does not change. */
  page(name?: string, properties?: Properties): void;
  track(event: string, properties?: Properties): void;
  /** Later events carry the userId. Traits merge over earlier ones of the same user. */
  identify(userId: string, traits?: Properties): void;
  /** Later events carry the groupId. */
  group(groupId: string, traits?: Properties): void;
  /** This visitor, known as `previousId` until now (default: the current user, else the anonymousId), is `userId`. */
  alias(userId: string, previousId?: string): void;
  /** Forgets user and group and becomes a new visitor: call it on sign-out. Consent stays: it is the browser's. */
  reset(): void;
  /**
   * Every later event carries it; what is new is told to the gateway at once. Merges over what was decided before;
   * kept for later pages.
   */
  setConsent(categories: ConsentCategories): void;
  /** Undefined until the gateway has answered once. */
  getAnonymousId(): string | undefined;
  /** Calls `fn` at once; called on the queue before the script has loaded, as soon as it has. */
  ready(fn: () => void): void;
  /** Sends what waits now; resolves when it is sent, or when the gateway cannot take it yet. */
  flush(): Promise<void>;
  /** Returns the function that stops listening. */
  on<N extends keyof Notices>(notice: N, listener: (value: Notices[N]) => void): () => void;
  /** Makes calls written as `['track', 'Signed Up', {…}]`, as the array before the script has loaded took them. */
  push(...commands: readonly unknown[]): void;
  /** Logs every event and error to the console. */
  debug(on?: boolean): void;
  /**
   * Adds another company's script to the page; with the module `tags` only. False where consent denies it, a tag of
   * that id is there, or there are 20.
   */
  injectTag?(tag: TagDefinition): boolean;
  /** Removes it, and the cookies and localStorage keys that its definition lists. False where there is none. */
  removeTag?(tag: { readonly id: string }): boolean;
}
