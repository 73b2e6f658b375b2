import type { Core } from '../piece.ts';
import { onLink } from './on-link.ts';

const PARAMETER = '_dfx';
const MAX_AGE_MS = 120_000;

/**
 * One visitor on several sites of one company: links to them carry the anonymousId and the time, and the landing page
 * takes it over. Only from a link followed within two minutes, on a page of those sites: an address that somebody
 * copies, posts or forges does not make its readers one visitor.
 */
export function crossDomain({ api, config_: { linkedDomains = [] }, adopt_: adopt }: Core): void {
  const isLinked = (hostname: string) =>
    linkedDomains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));

  const here = new URL(location.href);
  const given = here.searchParams.get(PARAMETER);
  if (given) {
    const [, time = '', id] = /^(\w+)\.(.+)$/.exec(given) || [];
    const age = Date.now() - Number.parseInt(time, 36);
    const { referrer } = document;
    if (id && Math.abs(age) <= MAX_AGE_MS && referrer && isLinked(new URL(referrer).hostname)) adopt(id);
    here.searchParams.delete(PARAMETER);
    history.replaceState(history.state, '', here.href);
  }

  onLink((link) => {
    const id = api.getAnonymousId();
    if (!id || !isLinked(link.hostname) || link.hostname === location.hostname) return;
    const target = new URL(link.href);
    target.searchParams.set(PARAMETER, `${Date.now().toString(36)}.${id}`);
    link.href = target.href;
  });
}
