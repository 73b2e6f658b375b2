import { decrypt, deriveKey, encrypt } from '../../api/index.ts';
import type { SnapshotSeal } from '../../gateway/index.ts';

/** Names the format as well: what was sealed as another does not open. */
const CONTEXT = 'signal/gateway-snapshot/1';

/** The snapshot has signing secrets in it, so it is as safe as they are in the log: whoever has the master key, which
 * is 32 bytes, can read it, or make one that is believed. */
export function snapshotSeal(masterKey: Buffer): SnapshotSeal {
  const key = deriveKey(masterKey, 'signal/gateway-snapshot');
  return {
    seal: (plaintext) => encrypt(key, plaintext, CONTEXT),
    open: (sealed) => decrypt(key, sealed, CONTEXT),
  };
}
