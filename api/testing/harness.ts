import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import pino from 'pino';
import { Registry } from 'prom-client';
import { ConfigProjection, type NoteSigner } from '../../config/index.ts';
import { CATALOG } from '../../integrations/index.ts';
import {
  type Log,
  memoryRegistry,
  openEmbeddedLog,
  StreamsApp,
  StreamsBuilder,
} from '../../streams/index.ts';
import {
  Checkpointer,
  CONFIG_LOG,
  ConfigCommands,
  configSerdes,
  configTopology,
  followConfig,
  type SignedLog,
  topicsOfConfig,
} from '../../topologies/config/index.ts';
import { type RecordSerdes, recordSerdes } from '../../topologies/record-serdes.ts';
import { eventTopics } from '../../topologies/topics.ts';
import {
  AUDITED_ACCESS,
  accessAudit,
  accessLogName,
  buildApi,
  configAudit,
  EventLineage,
  ensureAdminToken,
  newCheckpointKey,
  parseCheckpointKey,
  randomIds,
  SecretVault,
  startAccessControl,
  topicsOfSecrets,
} from '../index.ts';
import type { OidcLogin } from '../oidc/index.ts';

export const TOKEN = 'sat_the-token-of-these-tests';

const MASTER_KEY = Buffer.alloc(32, 7);
const SIGNING_KEY = newCheckpointKey('audit.example/config');

/** A management API with all that stands behind it, on a log of its own. */
export interface Running {
  readonly api: FastifyInstance;
  readonly log: Log;
  readonly serdes: RecordSerdes;
  readonly projection: ConfigProjection;
  readonly commands: ConfigCommands;
  readonly vault: SecretVault;
  readonly directory: string;
  /** What the API logged, a line each. */
  readonly logged: readonly string[];
  clock: { now(): number };
  /** As the admin. */
  get(url: string): Promise<LightMyRequestResponse>;
  post(url: string, body: object): Promise<LightMyRequestResponse>;
  /** Stops all and starts again on the same directory. */
  restart(): Promise<Running>;
  /** Stops all; the directory goes as well unless it is kept. */
  stop(options?: { keep: boolean }): Promise<void>;
}

export interface StartOptions {
  /** To start on again; left out, a new one. */
  readonly directory?: string;
  /** Whether `TOKEN` is to be a live one. */
  readonly adminToken?: false;
  /** `settings`: as the settings say. Left out: no limit to speak of. */
  readonly requestsPerMinute?: 'settings';
  /** The identity provider to log in at. */
  readonly oidc?: (key: Buffer, clock: { now(): number }) => OidcLogin;
}

export async function start(options: StartOptions = {}): Promise<Running> {
  const { directory, adminToken, requestsPerMinute, oidc } = options;
  const where = directory ?? (await mkdtemp(join(tmpdir(), 'signal-api-')));
  const log = await openEmbeddedLog({ directory: where, flush: 'os' });
  await log.createTopics([...topicsOfConfig, ...topicsOfSecrets, ...eventTopics()]);
  const registry = memoryRegistry();
  const config = await configSerdes(registry);
  const serdes = await recordSerdes(registry);
  let clock = { now: () => Date.now() };
  const adjustable = { now: () => clock.now() };
  const catalog = new Map(CATALOG.map((vendor) => [vendor.key, vendor]));

  const logged: string[] = [];
  const onError = (error: Error): void => {
    logged.push(`background: ${error.stack}`);
    process.stderr.write(`${logged.at(-1)}\n`);
  };

  const builder = new StreamsBuilder();
  configTopology(builder, { catalog, serdes: config });
  const decider = new StreamsApp(builder.build(), { applicationId: 'signal-config', log, onError });
  await decider.start();

  const stopping = new AbortController();
  const projection = new ConfigProjection();
  const follower = followConfig(log, config.event, projection, stopping.signal);
  await follower.caughtUp;
  const commands = await ConfigCommands.start({ log, serdes: config, projection, timeoutMs: 60_000 });
  const vault = await SecretVault.start({ log, masterKey: MASTER_KEY, clock });
  const lineage = await EventLineage.start({ log, serdes, projection, onError, catchUpMs: 60_000 });
  if (adminToken !== false)
    await ensureAdminToken({ projection, commands, ids: randomIds, clock, given: TOKEN });

  const control = await startAccessControl({
    log,
    registry,
    projection,
    vault,
    ids: randomIds,
    clock: adjustable,
    onError,
  });

  const signed = (of: SignedLog, signer: NoteSigner) =>
    Checkpointer.start({
      of,
      log,
      registry,
      signer,
      clock: adjustable,
      onError: (what, error) => onError(new Error(what, { cause: error })),
    });
  const signer = parseCheckpointKey(SIGNING_KEY);
  const checkpointer = await signed(CONFIG_LOG, signer);
  const accessCheckpointer = await signed(AUDITED_ACCESS.log, signer.derive(accessLogName(signer.key.name)));

  const running: Running = {
    api: buildApi({
      projection,
      commands,
      catalog,
      secrets: vault,
      lineage,
      sessions: control.sessions,
      scriptOf: ({ modules }) => ({
        text: `/* ${modules.join(' ')} */`,
        path: '/d/0123.js',
        integrity: 'sha384-x',
      }),
      oidc: oidc?.(vault.deriveKey('signal/oidc-logins'), adjustable),
      accessLog: control.access,
      configAudit: configAudit({ log, checkpointer, projection, serde: config.event }),
      accessAudit: accessAudit({
        log,
        checkpointer: accessCheckpointer,
        access: control.access,
        serde: control.accessSerde,
      }),
      ids: randomIds,
      clock: adjustable,
      logger: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
      register: new Registry(),
      requestsPerMinute: requestsPerMinute === 'settings' ? undefined : 1_000_000,
    }),
    log,
    serdes,
    projection,
    commands,
    vault,
    directory: where,
    logged,
    get clock() {
      return clock;
    },
    set clock(other) {
      clock = other;
    },
    get: (url) => running.api.inject({ method: 'GET', url, headers: { authorization: `Bearer ${TOKEN}` } }),
    post: (url, payload) =>
      running.api.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${TOKEN}` } }),
    async restart() {
      await running.stop({ keep: true });
      return start({ directory: where });
    },
    async stop(options) {
      await running.api.close();
      await lineage.close();
      await control.close();
      commands.close();
      stopping.abort();
      await follower.done;
      await decider.close();
      await checkpointer.close();
      await accessCheckpointer.close();
      await log.close();
      if (options?.keep !== true) await rm(where, { recursive: true, force: true });
    },
  };
  return running;
}
