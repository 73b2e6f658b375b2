// What /d.js and /{script_filename}.js answer: small, cached for minutes. It makes the page's variables take calls,
// and adds the source's script, which is cached for ever under the hash of what is in it.
declare global {
  /** Around this file the composer says which: the script's address and its integrity; without, the key's own. */
  const $script: readonly [path: string, integrity: string] | undefined;
}

const METHODS = 'page track identify group alias reset setConsent ready flush on debug injectTag removeTag';

function load(tag: HTMLScriptElement): void {
  const key = tag.getAttribute('data-pipeline-key') || new URL(tag.src).searchParams.get('k') || '';
  const name = tag.getAttribute('data-global') || '_df';
  // One for both, so that calls stay in their order whichever name they are made by.
  let queue: unknown = [];
  for (const global of [name, 'datafly']) {
    queue = window[global] || queue;
    window[global] = queue;
    const calls = queue;
    // Not over a collector that is there already, nor twice.
    if (Array.isArray(calls) && !('page' in calls)) {
      for (const method of METHODS.split(' ')) {
        Object.assign(calls, { [method]: (...args: unknown[]) => void calls.push([method, ...args]) });
      }
      Object.assign(calls, { getAnonymousId() {} });
    }
  }
  const add = (path: string, integrity: string, failed?: () => void) => {
    const script = document.createElement('script');
    script.src = tag.src.split('/', 3).join('/') + path;
    script.crossOrigin = 'anonymous';
    script.integrity = integrity;
    // A page whose policy goes by nonces let the loader in by one.
    script.nonce = tag.nonce;
    script.setAttribute('data-pipeline-key', key);
    script.setAttribute('data-global', name);
    if (failed) script.onerror = failed;
    document.head.append(script);
  };
  const current = () => add(`/d/${encodeURIComponent(key)}.js`, '');
  if ($script) add(`${$script[0]}?k=${encodeURIComponent(key)}`, $script[1], current);
  else current();
}

const tag = document.currentScript || document.querySelector<HTMLScriptElement>('script[data-pipeline-key]');
if (tag && 'src' in tag) load(tag);

export {};
