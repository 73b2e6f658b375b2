import { randomBytes, randomUUID } from 'node:crypto';

/** Where everything random comes from that the API hands out. */
export interface ApiIds {
  /** Of a new resource: `src_…`. */
  resource(prefix: string): string;
  /** Of a command or a request. */
  uuid(): string;
  /** `dk_live_…` */
  pipelineKey(): string;
  /** `sk_…`, 256 bits. */
  signingSecret(): string;
  /** `sat_…`, 256 bits. */
  apiToken(): string;
  /** `inv_…`, 256 bits. */
  invitation(): string;
}

export const randomIds: ApiIds = {
  resource: (prefix) => `${prefix}_${lowerCase(15)}`,
  uuid: () => randomUUID(),
  pipelineKey: () => `dk_live_${lowerCase(20)}`,
  signingSecret: () => `sk_${randomBytes(32).toString('base64url')}`,
  apiToken: () => `sat_${randomBytes(32).toString('base64url')}`,
  invitation: () => `inv_${randomBytes(32).toString('base64url')}`,
};

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Random text of 8 characters for 5 bytes, none of which is easily mistaken for another: people copy these. */
function lowerCase(bytes: number): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of randomBytes(bytes)) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(pending >>> bits) & 31];
    }
    pending &= (1 << bits) - 1;
  }
  return text;
}
