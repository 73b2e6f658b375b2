import { LogError, type LogErrorCode } from '../errors.ts';
import { CODE, protocolCode } from './protocol/error-codes.ts';

/** kafkajs' errors for a request that got no answer: whether the broker carried it out is unknown. */
const CONNECTION_FAILURES = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSLockTimeout',
]);

export function isConnectionFailure(error: unknown): boolean {
  return error instanceof Error && CONNECTION_FAILURES.has(error.name);
}

/** Answers after which metadata or coordinators have to be asked for anew. */
const MOVED = new Set<number>([
  CODE.UNKNOWN_TOPIC_OR_PARTITION,
  CODE.LEADER_NOT_AVAILABLE,
  CODE.NOT_LEADER_OR_FOLLOWER,
  CODE.COORDINATOR_NOT_AVAILABLE,
  CODE.NOT_COORDINATOR,
  CODE.NOT_CONTROLLER,
  CODE.KAFKA_STORAGE_ERROR,
  CODE.FENCED_LEADER_EPOCH,
  CODE.UNKNOWN_LEADER_EPOCH,
]);

/** Answers that may change by themselves. */
const PASSING = new Set<number>([
  // Past the end: it may come. (Before the start is dealt with where it is met.)
  CODE.OFFSET_OUT_OF_RANGE,
  CODE.REQUEST_TIMED_OUT,
  CODE.NETWORK_EXCEPTION,
  CODE.COORDINATOR_LOAD_IN_PROGRESS,
  CODE.NOT_ENOUGH_REPLICAS,
  CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  CODE.CONCURRENT_TRANSACTIONS,
  CODE.OFFSET_NOT_AVAILABLE,
  CODE.UNSTABLE_OFFSET_COMMIT,
]);

const FENCED = new Set<number>([CODE.INVALID_PRODUCER_EPOCH, CODE.PRODUCER_FENCED]);

const LOG_CODES = new Map<number, LogErrorCode>([
  [CODE.UNKNOWN_TOPIC_OR_PARTITION, 'UNKNOWN_TOPIC'],
  [CODE.MESSAGE_TOO_LARGE, 'RECORD_TOO_LARGE'],
  [CODE.RECORD_LIST_TOO_LARGE, 'RECORD_TOO_LARGE'],
  [CODE.INVALID_TOPIC, 'INVALID'],
]);

/** `moved`: try again after looking where to; `passing`: try again; `final`: it would fail again. */
export function outlookOf(error: unknown): 'moved' | 'passing' | 'final' {
  if (isConnectionFailure(error)) return 'moved';
  const code = protocolCode(error);
  if (code === undefined) return 'final';
  if (MOVED.has(code)) return 'moved';
  return PASSING.has(code) ? 'passing' : 'final';
}

export function isFencing(error: unknown): boolean {
  const code = protocolCode(error);
  return code !== undefined && FENCED.has(code);
}

export function toLogError(error: unknown, what: string): LogError {
  if (error instanceof LogError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = protocolCode(cause);
  if (isFencing(cause)) return new LogError('FENCED', what, { cause });
  const known = code === undefined ? undefined : LOG_CODES.get(code);
  return new LogError(known ?? 'UNAVAILABLE', `${what}: ${cause.message}`, { cause });
}
