import type { Core } from '../piece.ts';
import { readCookie } from './cookies.ts';

declare global {
  interface Window {
    __tcfapi?: TcfApi;
  }
}

interface TcData {
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly purpose?: { readonly consents: Readonly<Record<string, boolean>> };
}
type TcfApi = (command: string, version: number, callback: (data: TcData, success: boolean) => void) => void;

const PURPOSES = 11;
// A stub is to be on the page before any script that asks it; some are late.
const STUB_RETRY_MS = 100;
const STUB_TRIES = 100;

/**
 * Purposes by their number. https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 * (TCFv2, "CMP JS API"): `addEventListener` calls back at once and on each change; `cmpuishown` is not yet a choice.
 */
export function tcf({ consent_: consent }: Core): void {
  const listen = (tries: number) => {
    const { __tcfapi: api } = window;
    if (api) {
      api('addEventListener', 2, ({ eventStatus, gdprApplies, purpose }, success) => {
        if (success && (gdprApplies === false || eventStatus !== 'cmpuishown')) {
          consent(
            purposes((id) => gdprApplies === false || !!purpose?.consents[id]),
            true,
          );
        }
      });
    } else if (tries) setTimeout(listen, STUB_RETRY_MS, tries - 1);
  };
  const cookie = readCookie('euconsent-v2');
  const stored = cookie && readTcString(cookie);
  if (stored) consent(stored, true);
  listen(STUB_TRIES);
}

/** The purposes' consents are 24 bits of the core string, from bit 152 on ("Consent string and vendor list formats v2"). */
export function readTcString(text: string): Record<string, boolean> | undefined {
  try {
    const bytes = atob((text.split('.')[0] || '').replace(/-/g, '+').replace(/_/g, '/'));
    // Its first six bits are the version.
    if (bytes.charCodeAt(0) >> 2 !== 2 || bytes.length < 22) return undefined;
    return purposes((id) => ((bytes.charCodeAt(19 + ((id - 1) >> 3)) >> (7 - ((id - 1) % 8))) & 1) === 1);
  } catch {
    return undefined;
  }
}

function purposes(granted: (id: number) => boolean): Record<string, boolean> {
  const found: Record<string, boolean> = {};
  for (let id = 1; id <= PURPOSES; id++) found[id] = granted(id);
  return found;
}
