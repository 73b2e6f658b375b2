/** What is accepted while the log cannot be reached. */
export { SPOOL_ERRORS, SpoolError, type SpoolErrorCode } from './errors.ts';
export { createSpoolMetrics, type SpoolMetrics } from './metrics.ts';
export { type Disk, Spool, type SpoolOptions } from './spool.ts';
export { SpoolingLog, type SpoolingLogOptions } from './spooling-log.ts';
