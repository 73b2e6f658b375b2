import { showEvent } from '../../config/index.ts';
import {
  ACCESS_RECORD_SCHEMA,
  type AccessRecord,
  CONFIG_EVENT_SCHEMA,
  type ConfigEvent,
} from '../../schemas/index.ts';
import { CONFIG_LOG } from '../../topologies/config/index.ts';
import { ACCESS_LOG } from '../access/index.ts';
import type { AuditedLog } from './formats/export.ts';

const ACCESS_SUFFIX = '/access-log';

/** Of the access log beside a config log. */
export const accessLogName = (configLogName: string): string => `${configLogName}${ACCESS_SUFFIX}`;

export const AUDITED_CONFIG: AuditedLog<ConfigEvent> = {
  log: CONFIG_LOG,
  format: 'signal-config-export/1',
  file: 'config',
  isNamed: (origin) => !origin.endsWith(ACCESS_SUFFIX),
  columns: [
    ['time', ({ time }) => new Date(time).toISOString()],
    ['type', (event) => showEvent(event).label],
    ['resource_id', ({ resourceId }) => resourceId],
    ['resource_version', ({ resourceVersion }) => resourceVersion],
    ['actor_kind', ({ actor }) => actor.kind],
    ['actor_id', ({ actor }) => actor.id],
    ['actor_name', ({ actor }) => actor.name],
    ['actor_ip', ({ actor }) => actor.ip],
    ['reason', ({ reason }) => reason],
    ['command_id', ({ commandId }) => commandId],
    ['payload', (event) => JSON.stringify(showEvent(event).payload)],
  ],
  schema: CONFIG_EVENT_SCHEMA,
  wrapper: 'signal.config.ExportedConfigEvent',
};

export const AUDITED_ACCESS: AuditedLog<AccessRecord> = {
  log: ACCESS_LOG,
  format: 'signal-access-log-export/1',
  file: 'access-log',
  isNamed: (origin) => origin.endsWith(ACCESS_SUFFIX),
  columns: [
    ['time', ({ time }) => new Date(time).toISOString()],
    ['action', ({ action }) => action],
    ['actor_kind', ({ actor }) => actor?.kind ?? null],
    ['actor_id', ({ actor }) => actor?.id ?? null],
    ['actor_name', ({ actor }) => actor?.name ?? null],
    ['ip', ({ ip }) => ip],
    ['resource_id', ({ resourceId }) => resourceId],
    ['code', ({ code }) => code],
    ['detail', ({ detail }) => detail],
    ['request_id', ({ requestId }) => requestId],
  ],
  schema: ACCESS_RECORD_SCHEMA,
  wrapper: 'signal.access.ExportedAccessRecord',
};

export const AUDITED_LOGS = [AUDITED_CONFIG, AUDITED_ACCESS] as const;
