import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import {
  createSpoolMetrics,
  type GatewaySnapshot,
  readSnapshot,
  type SnapshotSeal,
  type SourceDirectory,
  Spool,
  SpoolingLog,
  schemaDigest,
  snapshotSources,
  takeSnapshot,
  writeSnapshot,
} from '../../gateway/index.ts';
import { RAW_EVENT_SCHEMA, type RawEvent } from '../../schemas/index.ts';
import { avroSerde, type Serde } from '../../streams/index.ts';
import { TOPICS } from '../../topologies/topics.ts';
import type { Settings } from '../settings.ts';
import { Closers } from './closers.ts';
import { clock, type Foundation, masterKeyOf } from './foundation.ts';
import { type GatewayParts, serveGateway } from './serve-gateway.ts';
import type { SigningSecrets } from './signing-secrets.ts';
import { snapshotSeal } from './snapshot-seal.ts';

const SUBJECT = `${TOPICS.rawEvents}-value`;

/** How long the log may take to be there before the gateway starts without it. */
const PATIENCE_MS = 5000;
const RETRY_MS = 1000;
/** Changes of the configuration come in bursts. */
const SNAPSHOT_DELAY_MS = 200;

/**
 * What lets a gateway accept events while Kafka cannot be reached: a spool for the events, and the last known snapshot
 * of the configuration to know the sources by. With the embedded log there is no such thing, for what fails there is
 * the disk that a spool would lie on.
 */
export class Outage {
  readonly #store: SpoolingLog;
  readonly #snapshotPath: string;
  readonly #seal: SnapshotSeal;
  readonly #logger: Logger;
  /** The gateway that serves since before the log was there. */
  #standing: { readonly standIn: StandIn; readonly url: string } | undefined;

  static async prepare(
    settings: Settings,
    deps: { readonly logger: Logger; readonly register: Registry },
    closers: Closers,
  ): Promise<Outage | undefined> {
    if (settings.kafkaBrokers.length === 0 || settings.spoolMaxBytes === 0) return undefined;
    const directory = settings.spoolDirectory || join(settings.dataDir, 'spool');
    await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
    const spool = await Spool.open({ directory, maxBytes: settings.spoolMaxBytes });
    const store = new SpoolingLog({
      spool,
      logger: deps.logger,
      metrics: createSpoolMetrics(deps.register, clock),
    });
    closers.add('spool', () => store.close());
    const seal = snapshotSeal(await masterKeyOf(settings));
    return new Outage(store, join(settings.dataDir, 'gateway-snapshot'), seal, deps.logger);
  }

  private constructor(store: SpoolingLog, snapshotPath: string, seal: SnapshotSeal, logger: Logger) {
    this.#store = store;
    this.#snapshotPath = snapshotPath;
    this.#seal = seal;
    this.#logger = logger;
  }

  /**
   * What `lay` lays, once the log is there. If that takes long, or fails, and there is a snapshot, a gateway serves by
   * that meanwhile, and laying is tried for as long as it takes.
   */
  async bridge(
    lay: (closers: Closers) => Promise<Foundation>,
    parts: Pick<GatewayParts, 'settings' | 'logger' | 'register'>,
    closers: Closers,
  ): Promise<Foundation> {
    let laying = this.#attempt(lay, closers);
    const first = await Promise.race([laying, sleep(PATIENCE_MS, undefined, { ref: false })]);
    if (first !== undefined && 'laid' in first) return first.laid;

    const standIn = await this.#standIn();
    if (standIn !== undefined) {
      const url = await serveGateway({ ...parts, ...standIn, store: this.#store }, closers);
      this.#standing = { standIn, url };
      this.#logger.warn(
        { configVersion: standIn.config.version },
        'the log is not there yet; the gateway takes events into the spool, by the last known configuration',
      );
    }
    for (;;) {
      const attempt = await laying;
      if ('laid' in attempt) return attempt.laid;
      if (standIn === undefined) throw attempt.failed;
      await sleep(RETRY_MS);
      laying = this.#attempt(lay, closers);
    }
  }

  /** Resolves with the base URL of the gateway, which may serve already. */
  async serve(parts: Omit<GatewayParts, 'store'>, closers: Closers): Promise<string> {
    if (this.#standing === undefined) return serveGateway({ ...parts, store: this.#store }, closers);
    this.#standing.standIn.replaceBy(parts.config, parts.serde);
    return this.#standing.url;
  }

  /** From now on the log gets the events, what is in the spool first, and the snapshot follows the configuration. */
  async end(
    { log, schemas, projection }: Foundation,
    secrets: Pick<SigningSecrets, 'of' | 'lacks' | 'subscribe'>,
    closers: Closers,
  ): Promise<void> {
    this.#store.attach(log);
    const id = await schemas.register(SUBJECT, JSON.stringify(RAW_EVENT_SCHEMA));
    const schema = { id, digest: schemaDigest(RAW_EVENT_SCHEMA) };
    let timer: NodeJS.Timeout | undefined;
    let writing: Promise<void> = Promise.resolve();
    const directory = {
      signingSecrets: (id: string) => secrets.of(id),
      lacksSecrets: (id: string) => secrets.lacks(id),
    };
    const write = (): void => {
      timer = undefined;
      writing = writing
        .then(() =>
          writeSnapshot(this.#snapshotPath, takeSnapshot(projection.current, schema, directory), this.#seal),
        )
        .catch((err: unknown) => this.#logger.error({ err }, 'the snapshot for outages was not written'));
    };
    write();
    await writing;
    const schedule = (): void => {
      timer ??= setTimeout(write, SNAPSHOT_DELAY_MS);
    };
    const unsubscribe = [projection.subscribe(schedule), secrets.subscribe(schedule)];
    closers.add('snapshot for outages', async () => {
      for (const each of unsubscribe) each();
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await writing;
    });
  }

  /** Closes again what a failed attempt has left. */
  async #attempt(
    lay: (closers: Closers) => Promise<Foundation>,
    closers: Closers,
  ): Promise<{ readonly laid: Foundation } | { readonly failed: unknown }> {
    const own = new Closers(this.#logger);
    try {
      const laid = await lay(own);
      closers.add('foundation', () => own.closeAll());
      return { laid };
    } catch (failed) {
      await own.closeAll();
      return { failed };
    }
  }

  async #standIn(): Promise<StandIn | undefined> {
    const snapshot = await readSnapshot(this.#snapshotPath, this.#seal);
    if (snapshot === undefined) return undefined;
    if (snapshot.schema.digest !== schemaDigest(RAW_EVENT_SCHEMA)) {
      this.#logger.warn(
        'the snapshot for outages is of another version of Signal; the log has to be there first',
      );
      return undefined;
    }
    return new StandIn(snapshotSources(snapshot), await serdeOf(snapshot));
  }
}

/** The sources and the serde of a gateway: the snapshot's until the log is there, then the real ones. */
export class StandIn {
  #config: SourceDirectory;
  #serde: Pick<Serde<RawEvent>, 'serialize'>;
  readonly config: SourceDirectory;
  readonly serde: Pick<Serde<RawEvent>, 'serialize'>;

  constructor(config: SourceDirectory, serde: Pick<Serde<RawEvent>, 'serialize'>) {
    this.#config = config;
    this.#serde = serde;
    const current = (): SourceDirectory => this.#config;
    this.config = {
      get version() {
        return current().version;
      },
      sourceByKey: (key) => current().sourceByKey(key),
      sourceById: (id) => current().sourceById(id),
      sourceByScriptFilename: (name) => current().sourceByScriptFilename(name),
      get allowedOrigins() {
        return current().allowedOrigins;
      },
      get consent() {
        return current().consent;
      },
      signingSecrets: (id) => current().signingSecrets(id),
      lacksSecrets: (id) => current().lacksSecrets?.(id) ?? false,
    };
    this.serde = { serialize: (event) => this.#serde.serialize(event) };
  }

  replaceBy(config: SourceDirectory, serde: Pick<Serde<RawEvent>, 'serialize'>): void {
    this.#config = config;
    this.#serde = serde;
  }
}

function serdeOf({ schema: { id } }: GatewaySnapshot): Promise<Serde<RawEvent>> {
  const text = JSON.stringify(RAW_EVENT_SCHEMA);
  return avroSerde({
    schema: RAW_EVENT_SCHEMA,
    subject: SUBJECT,
    registry: { register: async () => id, ids: async () => [id], schema: async () => text },
  });
}
