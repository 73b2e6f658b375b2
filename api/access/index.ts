export {
  ACCESS_LOG,
  AccessLog,
  type AccessLogOptions,
  type StoredAccess,
  topicsOfAccessLog,
} from './access-log.ts';
export { ACCESS_ACTIONS, type AccessAction, accessRecorder, type RecordAccess } from './recorder.ts';
