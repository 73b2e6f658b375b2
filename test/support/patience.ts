// Vitest loads this before every test file. `vi.waitFor` and `vi.waitUntil` give up after one second unless they are
// told otherwise, which a busy machine needs for a garbage collection. A deadline is there to end what hangs, and a
// test that passes does not wait for it.
import { vi } from 'vitest';

const PATIENCE = { timeout: 60_000, interval: 20 };

type Options = NonNullable<Parameters<typeof vi.waitFor>[1]>;

const patient = (options: Options = {}) =>
  typeof options === 'number' ? { ...PATIENCE, timeout: options } : { ...PATIENCE, ...options };

const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));
