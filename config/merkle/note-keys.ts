import { createPrivateKey, createPublicKey, hash, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { fromBase64 } from './base64.ts';

/** The public half of a key that signs notes (https://c2sp.org/signed-note): an Ed25519 key and its name. */
export interface NoteKey {
  readonly name: string;
  /** Four bytes. With the name it says which key signed. */
  readonly id: Buffer;
  /** `<name>+<id in hex>+<base64>`: how the key is written, here and by Go's `golang.org/x/mod/sumdb/note`. */
  readonly text: string;
  readonly publicKey: KeyObject;
}

export interface NoteSigner {
  readonly key: NoteKey;
  /** The signed note with this text, which ends in a newline. */
  sign(text: string): string;
  /** A signer for another log, with a key that is computed from this one's (RFC 5869): no two logs are signed with
   * one key, and there is one secret to keep. `name`: see `isKeyName`. */
  derive(name: string): NoteSigner;
}

const ED25519 = 1;
const KEY_BYTES = 32;
const SECRET_PREFIX = 'PRIVATE+KEY+';

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Names stand between spaces and pluses, on a line. */
export const isKeyName = (name: string): boolean => /^[^\s+\p{Cc}]+$/u.test(name);

/** The key that is written so; undefined if none is. */
export function parseNoteKey(text: string): NoteKey | undefined {
  const parts = keyParts(text);
  if (parts === undefined) return undefined;
  const key = noteKey(parts.name, parts.bytes);
  return key.text === text ? key : undefined;
}

/** The signer whose secret is written so, `PRIVATE+KEY+<name>+<id>+<base64>` as in Go; undefined if none is. */
export function parseNoteSigner(secret: string): NoteSigner | undefined {
  if (!secret.startsWith(SECRET_PREFIX)) return undefined;
  const parts = keyParts(secret.slice(SECRET_PREFIX.length));
  if (parts === undefined) return undefined;
  return writeNoteSigner(parts.name, parts.bytes) === secret ? signer(parts.name, parts.bytes) : undefined;
}

/** The secret of the signer with this name (see `isKeyName`) and seed, 32 random bytes. */
export function writeNoteSigner(name: string, seed: Buffer): string {
  const id = keyId(name, publicBytes(privateKey(seed))).toString('hex');
  return `${SECRET_PREFIX}${name}+${id}+${withAlgorithm(seed).toString('base64')}`;
}

function signer(name: string, seed: Buffer): NoteSigner {
  const secret = privateKey(seed);
  const key = noteKey(name, publicBytes(secret));
  return {
    key,
    sign(text) {
      const signature = Buffer.concat([key.id, sign(null, Buffer.from(text), secret)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
    derive: (other) =>
      signer(other, Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), `signal/log/${other}`, KEY_BYTES))),
  };
}

function keyParts(text: string): { readonly name: string; readonly bytes: Buffer } | undefined {
  const match = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)$/.exec(text);
  const [, name = '', encoded = ''] = match ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) return undefined;
  return { name, bytes: bytes.subarray(1) };
}

function noteKey(name: string, bytes: Buffer): NoteKey {
  const id = keyId(name, bytes);
  return {
    name,
    id,
    text: `${name}+${id.toString('hex')}+${withAlgorithm(bytes).toString('base64')}`,
    publicKey: createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
      format: 'jwk',
    }),
  };
}

function keyId(name: string, bytes: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), withAlgorithm(bytes)]), 'buffer').subarray(
    0,
    4,
  );
}

const withAlgorithm = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(ED25519), bytes]);

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });

const publicBytes = (secret: KeyObject): Buffer =>
  Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x ?? '', 'base64url');
