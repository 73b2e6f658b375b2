/** What the gateway's tests share: a gateway on a free port of the loopback, over a log in memory. */
import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DEFAULT_CONSENT, DEFAULT_SOURCE_SETTINGS } from '../../config/index.ts';
import { RAW_EVENT_SCHEMA, type RawEvent } from '../../schemas/index.ts';
import { avroSerde, type Log, memoryRegistry, type OutgoingRecord, type Serde } from '../../streams/index.ts';
import { buildGateway, type GatewayDeps } from '../gateway.ts';
import type { CollectorScript, CollectorScripts } from '../routes/collector-script.ts';
import { DEFAULT_GATEWAY_SETTINGS, type GatewaySettings } from '../settings.ts';
import type { GatewaySource, SourceDirectory } from '../sources.ts';

/** With everything off that can be switched on. */
export const sourceOf = (
  source: Pick<GatewaySource, 'id' | 'name' | 'type'> & Partial<GatewaySource>,
): GatewaySource => ({ ...DEFAULT_SOURCE_SETTINGS, ...source });

export const WEB = sourceOf({ id: 'src_web', name: 'Shop', type: 'web' });
export const SERVER = sourceOf({ id: 'src_server', name: 'Backend', type: 'server' });
export const APP = sourceOf({ id: 'src_app', name: 'Phone', type: 'app' });
export const WEB_KEY = 'dk_live_web';
export const SERVER_KEY = 'dk_live_server';
export const APP_KEY = 'dk_live_app';

const SOURCES: readonly TestSource[] = [
  { source: WEB, keys: [WEB_KEY] },
  { source: SERVER, keys: [SERVER_KEY] },
  { source: APP, keys: [APP_KEY] },
];

export interface TestSource {
  readonly source: GatewaySource;
  readonly keys: readonly string[];
  /** Newest first. */
  readonly secrets?: readonly string[];
}

/** A directory of these sources, as of version 7. */
export function directoryOf(sources: readonly TestSource[]): SourceDirectory {
  const find = (is: (each: TestSource) => boolean) => sources.find(is)?.source;
  const byKey = new Map(sources.flatMap(({ source, keys }) => keys.map((key) => [key, source] as const)));
  return {
    version: 7,
    sourceByKey: (key) => byKey.get(key),
    sourceById: (id) => find(({ source }) => source.id === id),
    sourceByScriptFilename: (name) => find(({ source }) => source.collector.scriptFilename === name),
    allowedOrigins: sources.flatMap(({ source }) => source.allowedOrigins),
    consent: DEFAULT_CONSENT,
    signingSecrets: (id) => sources.find(({ source }) => source.id === id)?.secrets ?? [],
  };
}

/** Keeps what is appended; `append` may be replaced to fail or to wait. */
export class MemoryLog implements Pick<Log, 'append'> {
  readonly appends: (readonly OutgoingRecord[])[] = [];

  append(records: readonly OutgoingRecord[]) {
    this.appends.push(records);
    return Promise.resolve(records.map(({ topic }, offset) => ({ topic, partition: 0, offset })));
  }

  get records(): readonly OutgoingRecord[] {
    return this.appends.flat();
  }
}

export interface TestGateway {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly port: number;
  readonly log: MemoryLog;
  readonly serde: Serde<RawEvent>;
  readonly register: Registry;
  /** Every line logged. */
  readonly logged: readonly string[];
  /** What was appended, decoded. */
  events(): readonly RawEvent[];
  close(): Promise<void>;
}

export type TestOptions = Partial<Omit<GatewayDeps, 'settings'>> & {
  readonly settings?: Partial<GatewaySettings>;
};

export async function startGateway(options: TestOptions = {}): Promise<TestGateway> {
  const log = new MemoryLog();
  const register = new Registry();
  const logged: string[] = [];
  const serde = await avroSerde({
    schema: RAW_EVENT_SCHEMA,
    subject: 'raw-events-value',
    registry: memoryRegistry(),
  });
  const app = buildGateway({
    log,
    rawEventSerde: serde,
    config: directoryOf(SOURCES),
    clock: { now: () => Date.now() },
    ids: { uuid: randomUUID },
    logger: pino({ level: 'debug' }, { write: (line) => logged.push(line) }),
    register,
    collectorScripts: fakeScripts(),
    ...options,
    settings: { ...DEFAULT_GATEWAY_SETTINGS, ...options.settings },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    port: Number(new URL(url).port),
    log,
    serde,
    register,
    logged,
    events: () => log.records.map(({ value }) => serde.deserialize(value ?? Buffer.alloc(0))),
    close: () => app.close(),
  };
}

/** Scripts that only say what they were made for. */
export function fakeScripts(): CollectorScripts {
  const made = new Map<string, CollectorScript>();
  return {
    of(settings) {
      const text = `/* datafly.js ${JSON.stringify(settings)} */`;
      const script = { text, hash: createHash('md5').update(text).digest('hex') };
      made.set(script.hash, script);
      return script;
    },
    withHash: (hash) => made.get(hash),
    loader: (script) => `/* loader ${script?.hash ?? 'by key'} */`,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body. */
  readonly body: unknown;
}

export async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body:
      body instanceof Uint8Array
        ? new Uint8Array(body)
        : typeof body === 'string'
          ? body
          : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends bytes as they are, reads nothing before all are sent, and then collects what comes back until the other side
 * closes. */
export async function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  // A reset after the answer is how some refusals end.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await Promise.all(parts.map((part) => new Promise((resolve) => socket.write(part, resolve))));
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  socket.resume();
  await closed;
  return received;
}
