import type { IncomingMessage } from 'node:http';

/** Of what is smaller no count is kept: all connections together hold little of it. */
const SMALL_BYTES = 16 * 1024;

export interface ArrivingBodiesOptions {
  /** Of all that are counted. */
  readonly maxBytes: number;
  /** Of one; what says it is larger is refused elsewhere, unread. */
  readonly bodyLimit: number;
}

/**
 * The room for large bodies that have begun to arrive: whoever opens many connections and sends nearly all of a large
 * body on each would have them all held in memory, until the last of their time is up.
 */
export class ArrivingBodies {
  readonly #options: ArrivingBodiesOptions;
  #bytes = 0;

  constructor(options: ArrivingBodiesOptions) {
    this.#options = options;
  }

  /** False if there is no room. If there is, it is taken until the body has arrived or its connection has ended. */
  admit(request: IncomingMessage): boolean {
    const bytes = this.#expected(request);
    if (bytes < SMALL_BYTES) return true;
    if (this.#bytes + bytes > this.#options.maxBytes) return false;
    this.#bytes += bytes;
    request.once('close', () => {
      this.#bytes -= bytes;
    });
    return true;
  }

  #expected({ headers }: IncomingMessage): number {
    const { bodyLimit } = this.#options;
    if (headers['transfer-encoding'] !== undefined) return bodyLimit;
    const length = headers['content-length'];
    if (length === undefined) return 0;
    return Number(length) > bodyLimit ? 0 : Number(length);
  }
}
