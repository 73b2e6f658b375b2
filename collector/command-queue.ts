import type { Datafly } from './api.ts';

/**
 * Before the script has loaded, its variable may be an array of calls: `['track', 'Signed Up', {…}]`. They are
 * made in their order; those pushed later, by whoever still holds the array, are made at once.
 */
export function replayCommands(stub: unknown, api: Datafly): void {
  if (!Array.isArray(stub)) return;
  api.push(...stub.splice(0));
  stub.push = (...commands) => {
    api.push(...commands);
    return 0; // as an array's push says its length
  };
}

/** Makes one queued call: an array, or an `arguments` object. */
export function runCommand(api: Datafly, command: unknown): void {
  const [method, ...args]: unknown[] = Array.from(Object(command));
  const target: unknown = Object(api)[String(method)];
  if (typeof target !== 'function') throw new TypeError(`no method ${method}`);
  target(...args);
}
