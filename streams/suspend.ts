/**
 * Processors are synchronous; something they need may not be in memory yet. They then throw a `Suspend`: the
 * runtime undoes all the record has done so far (state, outputs), awaits `until`, and runs the record again.
 * State stores do this by themselves on a cache miss. So a processor must keep its state in stores, not in its
 * own fields, and must not swallow what it did not throw.
 */
export class Suspend {
  readonly until: Promise<unknown>;

  constructor(until: Promise<unknown>) {
    this.until = until;
  }
}
