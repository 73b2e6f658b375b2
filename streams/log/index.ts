export { LOG_ERRORS, LogError, type LogErrorCode } from './errors.ts';
export * from './log.ts';
