import { createHmac } from 'node:crypto';
import type { Secrets } from '../integration.ts';
import type { JsonObject } from '../json.ts';
import { stringSetting } from '../settings.ts';

/**
 * Headers that prove a request comes from here. `hmac`: `X-Timestamp` is the time of the attempt in epoch
 * milliseconds, `X-Signature` is `sha256=` and the hex HMAC-SHA-256 of `{timestamp}.{body}`, as the gateway itself
 * expects it of server-side events.
 */
export function authenticationHeaders(
  settings: JsonObject,
  secrets: Secrets,
  signed: { readonly now: number; readonly body: string },
): Readonly<Record<string, string>> {
  switch (stringSetting(settings, 'authentication')) {
    case 'bearer':
      return { authorization: `Bearer ${secrets.auth_token ?? ''}` };
    case 'basic': {
      const user = `${stringSetting(settings, 'basic_username') ?? ''}:${secrets.basic_password ?? ''}`;
      return { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
    }
    case 'hmac': {
      const hmac = createHmac('sha256', secrets.hmac_secret ?? '');
      const signature = hmac.update(`${signed.now}.${signed.body}`).digest('hex');
      return { 'x-timestamp': String(signed.now), 'x-signature': `sha256=${signature}` };
    }
    default:
      return {};
  }
}
