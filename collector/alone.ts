/**
 * Runs it, which does not reject, while no other tab of this origin runs what has the same name: Web Locks, which a browser gives back when
 * a tab dies. Where there are none (plain HTTP, before Safari 15.4) each tab is on its own, and an event may be sent
 * twice; its messageId tells.
 */
export function alone(name: string, run: () => Promise<void>): Promise<void> {
  const { locks }: { locks?: LockManager } = navigator;
  // A sandboxed page has the API, but may not use it.
  return locks ? locks.request(name, run).catch(run) : run();
}
