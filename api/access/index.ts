export { ACCESS_TOPIC, AccessLog, type AccessLogOptions, type StoredAccess } from './access-log.ts';
export { ACCESS_ACTIONS, type AccessAction, accessRecorder, type RecordAccess } from './recorder.ts';
