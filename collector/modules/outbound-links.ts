import type { Core } from '../piece.ts';
import { onLink } from './on-link.ts';

/** `Outbound Link Clicked`: a link to another host, in whatever way it is opened. */
export function outboundLinks({ api }: Core): void {
  onLink((link) => {
    if (link.host !== location.host) {
      api.track('Outbound Link Clicked', {
        link_url: link.href,
        link_domain: link.hostname,
        link_id: link.id,
      });
    }
  });
}
