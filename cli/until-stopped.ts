/** Resolves at SIGINT or SIGTERM, or when something broke; the exit code then says so. A second signal ends the process
 * at once. */
export function untilStopped(): { readonly promise: Promise<void>; broken(): void } {
  let stop: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    stop = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop();
      process.once(signal, () => process.exit(130));
    });
  }
  return {
    promise,
    broken: () => {
      process.exitCode = 1;
      stop();
    },
  };
}
