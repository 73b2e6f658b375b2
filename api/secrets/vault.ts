import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { type Log, NO_HEADERS, type TopicSpec } from '../../streams/index.ts';
import { decrypt, encrypt, KEY_BYTES } from './cipher.ts';
import { SecretError } from './errors.ts';

/** Data keys, wrapped, by secret. The log of them must be able to forget: that is how a secret is shredded that
 * stands, sealed, in logs which never forget. */
export const topicsOfSecrets: readonly TopicSpec[] = [
  { name: 'secret-keys', partitions: 1, cleanup: 'compact', compactionLagMs: 60_000 },
];

/** Key of records that say nothing: a Kafka broker looks after a topic only when something is written to it. */
const NUDGE = 'nudge';

const TOPIC = { topic: 'secret-keys', partition: 0 } as const;

export interface SealedSecret {
  /** Text that may enter any log. */
  readonly sealed: string;
  /** Tells people which secret it is; equal for equal secrets, useless for guessing them. */
  readonly fingerprint: string;
}

export interface VaultOptions {
  readonly log: Pick<Log, 'append' | 'read' | 'kind'>;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly clock: { now(): number };
  /** After destroying, when a Kafka broker is nudged to erase it. Default: right after what the topic says. */
  readonly nudgeAfterMs?: number | undefined;
}

/**
 * Seals secrets, each with a data key of its own. The data key, wrapped by the master key, is kept in a topic apart
 * from the sealed text, so that destroying the one leaves the other unreadable for ever.
 */
export class SecretVault {
  private readonly options: VaultOptions;
  private readonly wrappingKey: Buffer;
  private readonly fingerprintKey: Buffer;
  private readonly wrapped = new Map<string, Buffer>();
  private next = 0;
  private reading: Promise<void> | undefined;

  private constructor(options: VaultOptions) {
    this.options = options;
    this.wrappingKey = deriveKey(options.masterKey, 'signal/secret-wrapping');
    this.fingerprintKey = deriveKey(options.masterKey, 'signal/secret-fingerprint');
  }

  /** Rejects with `WRONG_KEY` if the secrets that are there need another master key. */
  static async start(options: VaultOptions): Promise<SecretVault> {
    const vault = new SecretVault(options);
    await vault.readKeys();
    const [first] = vault.wrapped.keys();
    if (first !== undefined) vault.dataKey(first);
    // For what a process before destroyed last.
    if (vault.next > 0) await vault.nudge();
    return vault;
  }

  /** Resolves when the secret can be opened again after any crash. */
  async seal(plaintext: string): Promise<SealedSecret> {
    const id = `sec_${randomUUID()}`;
    const dataKey = randomBytes(KEY_BYTES);
    await this.write(id, encrypt(this.wrappingKey, dataKey, id));
    const ciphertext = encrypt(dataKey, Buffer.from(plaintext), id);
    dataKey.fill(0);
    return {
      sealed: `v1.${id}.${ciphertext.toString('base64url')}`,
      fingerprint: this.fingerprint(plaintext),
    };
  }

  /** Rejects with a `SecretError`: `UNKNOWN_SECRET` once it was destroyed. */
  async open(sealed: string): Promise<string> {
    const { id, ciphertext } = parse(sealed);
    // Another process may have sealed it since.
    if (!this.wrapped.has(id)) await this.readKeys();
    const plaintext = decrypt(this.dataKey(id), ciphertext, id);
    if (plaintext === undefined) throw new SecretError('MALFORMED');
    return plaintext.toString('utf8');
  }

  /** Whether it can still be opened, as far as this process has heard. */
  isThere(sealed: string): boolean {
    return this.wrapped.has(parse(sealed).id);
  }

  /** Nobody can open it any more, wherever its sealed text is kept. The log erases the key from disk a little later. */
  async destroy(sealed: string): Promise<void> {
    await this.write(parse(sealed).id, null);
    const { nudgeAfterMs = 61_000 } = this.options;
    // What fails is made up for at the next start.
    setTimeout(() => void this.nudge().catch(() => {}), nudgeAfterMs).unref();
  }

  /** A key for something else than secrets, from the same master key. 32 bytes; one purpose, one key. */
  deriveKey(purpose: string): Buffer {
    return deriveKey(this.options.masterKey, purpose);
  }

  /** As sealing the same text gives it. */
  fingerprint(plaintext: string): string {
    return `fp_${createHmac('sha256', this.fingerprintKey).update(plaintext).digest('hex').slice(0, 16)}`;
  }

  private dataKey(id: string): Buffer {
    const wrapped = this.wrapped.get(id);
    if (wrapped === undefined) throw new SecretError('UNKNOWN_SECRET', id);
    const key = decrypt(this.wrappingKey, wrapped, id);
    if (key === undefined) throw new SecretError('WRONG_KEY', id);
    return key;
  }

  private async write(id: string, value: Buffer | null): Promise<void> {
    const { log, clock } = this.options;
    const record = { key: Buffer.from(id), value, timestamp: clock.now(), headers: NO_HEADERS };
    await log.append([{ topic: TOPIC.topic, ...record }]);
    this.remember(id, value);
  }

  private async nudge(): Promise<void> {
    if (this.options.log.kind === 'kafka') await this.write(NUDGE, null);
  }

  private remember(id: string, value: Buffer | null): void {
    if (value === null) this.wrapped.delete(id);
    else this.wrapped.set(id, value);
  }

  /** Reads on to the end of the topic; who asks meanwhile waits for the same reading. */
  private readKeys(): Promise<void> {
    this.reading ??= this.readOn().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readOn(): Promise<void> {
    for await (const records of this.options.log.read({ ...TOPIC, from: this.next })) {
      for (const { key, value, offset } of records) {
        if (key !== null) this.remember(key.toString('utf8'), value);
        this.next = offset + 1;
      }
    }
  }
}

function parse(sealed: string): { readonly id: string; readonly ciphertext: Buffer } {
  const [version, id, ciphertext] = sealed.split('.');
  if (version !== 'v1' || id === undefined || ciphertext === undefined) throw new SecretError('MALFORMED');
  return { id, ciphertext: Buffer.from(ciphertext, 'base64url') };
}

/** 32 bytes; one purpose, one key (RFC 5869). */
export const deriveKey = (masterKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), purpose, KEY_BYTES));
