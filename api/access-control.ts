import type { ConfigProjection } from '../config/index.ts';
import { ACCESS_RECORD_SCHEMA, type AccessRecord, LOGIN_EVENT_SCHEMA } from '../schemas/index.ts';
import { avroSerde, type Log, type SchemaRegistry, type Serde } from '../streams/index.ts';
import { ACCESS_LOG, AccessLog, topicsOfAccessLog } from './access/index.ts';
import type { ApiIds } from './ids.ts';
import { LOGINS_TOPIC, LoginLog, Sessions, SessionTokens } from './logins/index.ts';
import type { SecretVault } from './secrets/index.ts';

export interface AccessControlOptions {
  readonly log: Log;
  readonly registry: SchemaRegistry;
  readonly projection: Pick<ConfigProjection, 'current'>;
  readonly vault: Pick<SecretVault, 'open' | 'deriveKey'>;
  readonly ids: Pick<ApiIds, 'uuid'>;
  readonly clock: { now(): number };
  readonly onError: (error: Error) => void;
}

/** Who is logged in, and what they looked at. */
export interface AccessControl {
  readonly sessions: Sessions;
  readonly access: AccessLog;
  readonly accessSerde: Serde<AccessRecord>;
  close(): Promise<void>;
}

export async function startAccessControl(options: AccessControlOptions): Promise<AccessControl> {
  const { log, registry, projection, vault, ids, clock, onError } = options;
  await log.createTopics([LOGINS_TOPIC, ...topicsOfAccessLog]);
  const [loginEvent, accessRecord] = await Promise.all([
    avroSerde({ schema: LOGIN_EVENT_SCHEMA, subject: `${LOGINS_TOPIC.name}-value`, registry }),
    avroSerde({ schema: ACCESS_RECORD_SCHEMA, subject: `${ACCESS_LOG.records}-value`, registry }),
  ]);
  const logins = await LoginLog.start({ log, serde: loginEvent, onError });
  const sessions = new Sessions({
    logins,
    tokens: new SessionTokens(vault.deriveKey('signal/session-tokens')),
    projection,
    secrets: vault,
    accountKey: vault.deriveKey('signal/login-accounts'),
    ids,
    clock,
  });
  return {
    sessions,
    access: new AccessLog({ log, serde: accessRecord }),
    accessSerde: accessRecord,
    close: () => logins.close(),
  };
}
