import type { ConfigProjection } from '../../config/index.ts';
import { sourceId } from '../../config/index.ts';

export interface SigningSecretsOptions {
  readonly projection: Pick<ConfigProjection, 'current' | 'subscribe'>;
  /** Rejects if the secret was destroyed, or cannot be read now. */
  readonly open: (sealed: string) => Promise<string>;
  readonly onError: (sourceId: string, error: unknown) => void;
  /** Until what could not be read is tried again. */
  readonly retryMs?: number;
}

const RETRY_MS = 5_000;

/** The sources' signing secrets in clear, for a process that checks signatures: opened as they appear, so that a
 * request waits for nothing, and given up as soon as they are revoked. */
export class SigningSecrets {
  readonly #options: SigningSecretsOptions;
  /** By sealed text; empty while it is being opened, or if it could not be. */
  readonly #opened = new Map<string, string | undefined>();
  #sources: unknown;
  readonly #listeners = new Set<() => void>();
  #unsubscribe: () => void = () => {};
  #retry: NodeJS.Timeout | undefined;

  private constructor(options: SigningSecretsOptions) {
    this.#options = options;
  }

  /** Resolves once those there are have been opened. */
  static async start(options: SigningSecretsOptions): Promise<SigningSecrets> {
    const secrets = new SigningSecrets(options);
    secrets.#unsubscribe = options.projection.subscribe(() => void secrets.#openNew());
    await secrets.#openNew();
    return secrets;
  }

  /** Newest first; from the next call on without one that was revoked. */
  of(source: string): readonly string[] {
    return this.#live(source).filter((text) => text !== undefined);
  }

  /** Whether it has some that are not read yet, or could not be. */
  lacks(source: string): boolean {
    return this.#live(source).includes(undefined);
  }

  /** Calls `listener` whenever one was read. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#retry);
    this.#opened.clear();
  }

  #live(source: string): readonly (string | undefined)[] {
    const secrets = this.#options.projection.current.sources.get(sourceId.of(source))?.signingSecrets ?? [];
    return secrets.map(({ sealed }) => this.#opened.get(sealed));
  }

  async #openNew(): Promise<void> {
    const { sources } = this.#options.projection.current;
    if (sources === this.#sources) return;
    this.#sources = sources;
    const live = [...sources.values()].flatMap(({ id, signingSecrets }) =>
      signingSecrets.map(({ sealed }) => ({ id, sealed })),
    );
    const wanted = new Set(live.map(({ sealed }) => sealed));
    for (const sealed of this.#opened.keys()) if (!wanted.has(sealed)) this.#opened.delete(sealed);
    await Promise.all(live.filter(({ sealed }) => !this.#opened.has(sealed)).map((each) => this.#open(each)));
  }

  async #open({ id, sealed }: { readonly id: string; readonly sealed: string }): Promise<void> {
    this.#opened.set(sealed, undefined);
    try {
      const text = await this.#options.open(sealed);
      if (!this.#opened.has(sealed)) return;
      this.#opened.set(sealed, text);
      for (const listener of this.#listeners) listener();
    } catch (error) {
      if (!this.#opened.delete(sealed)) return;
      this.#options.onError(id, error);
      this.#tryAgain();
    }
  }

  #tryAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#sources = undefined;
      void this.#openNew();
    }, this.#options.retryMs ?? RETRY_MS).unref();
  }
}
