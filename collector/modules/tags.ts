import type { Core } from '../piece.ts';

/** Another company's script, for what cannot be done from a server. */
export interface TagDefinition {
  readonly id: string;
  readonly src: string;
  /** Injected only where the visitor has granted it. */
  readonly consentCategory?: string;
  /** Default: at once. `post-render`: when the page has loaded and the browser has time. */
  readonly timing?: 'immediate' | 'post-render';
  /** Whose it is, for who reads the page: `data-vendor` of the script. */
  readonly vendor?: string;
  /** Beginnings of the names of cookies that it leaves behind. */
  readonly cookiePrefixes?: readonly string[];
  /** Keys that it leaves behind in localStorage. */
  readonly storageKeys?: readonly string[];
}

// A page that injects in a loop should not become a page of scripts.
const MAX_TAGS = 20;

export function tags({ api, isGranted_: isGranted }: Core): void {
  const injected = new Map<string, readonly [tag: TagDefinition, script: HTMLScriptElement]>();

  api.injectTag = (tag) => {
    const { id, src, consentCategory, timing, vendor } = Object(tag);
    if (!id || !src || injected.has(id) || injected.size >= MAX_TAGS) return false;
    if (consentCategory && !isGranted(consentCategory)) return false;
    const script = document.createElement('script');
    const allowed = document.querySelector<HTMLScriptElement>('script[nonce]');
    if (allowed) script.nonce = allowed.nonce;
    if (vendor) script.dataset.vendor = vendor;
    injected.set(id, [tag, script]);
    const insert = () => {
      // Between the call and now it may have been removed, or consent withdrawn.
      if (injected.has(id) && (!consentCategory || isGranted(consentCategory))) {
        script.src = src;
        document.head.append(script);
      }
    };
    if (timing !== 'post-render') insert();
    else if (document.readyState === 'complete') setTimeout(insert);
    else addEventListener('load', () => setTimeout(insert));
    return true;
  };

  api.removeTag = (tag) => {
    const found = injected.get(Object(tag).id);
    if (!found) return false;
    const [{ id, cookiePrefixes = [], storageKeys = [] }, script] = found;
    injected.delete(id);
    script.remove();
    for (const cookie of document.cookie.split('; ')) {
      const [name = ''] = cookie.split('=');
      if (cookiePrefixes.some((prefix) => name.startsWith(prefix))) removeCookie(name);
    }
    try {
      for (const key of storageKeys) localStorage.removeItem(key);
    } catch {
      // Where storage is forbidden, the tag has left nothing in it.
    }
    return true;
  };
}

/** A cookie does not tell the domain it was set for: this host's, or that of any domain above. */
function removeCookie(name: string): void {
  const labels = location.hostname.split('.');
  for (let domain = ''; ; domain = `;domain=${labels.join('.')}`, labels.shift()) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
    document.cookie = `${name}=;max-age=0;path=/${domain}`;
    if (!labels.length) return;
  }
}
