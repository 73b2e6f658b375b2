import type { Logger } from 'pino';

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void>;
}

/** What has been started, closed in the opposite order: whatever stands on something goes before it. */
export class Closers {
  readonly #logger: Logger;
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(name: string, close: () => Promise<void>): void {
    this.#closers.push({ name, close });
  }

  /** Closes everything once; what fails to close is logged and does not keep the rest open. */
  closeAll(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      this.#logger.debug(`closing ${closer.name}`);
      try {
        await closer.close();
      } catch (error) {
        this.#logger.error({ err: error }, `${closer.name} did not close cleanly`);
      }
    }
  }
}
