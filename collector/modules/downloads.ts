import type { Core } from '../piece.ts';
import { onLink } from './on-link.ts';

const FILE =
  /([^/]+)\.(pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|zip|rar|7z|t?gz|exe|dmg|pkg|msi|apk|iso|mp[34]|m4[av]|wav|avi|mov|wmv|webm|epub|ics)$/i;

/** `File Downloaded`: a link to a file by its extension, or one that says `download`. */
export function downloads({ api }: Core): void {
  onLink((link) => {
    const [, name, extension] = FILE.exec(link.pathname) || [];
    if (extension || link.hasAttribute('download')) {
      api.track('File Downloaded', {
        file_url: link.href,
        file_name: name,
        file_extension: extension?.toLowerCase(),
      });
    }
  });
}
