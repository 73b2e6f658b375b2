// Runs one Apache Kafka broker (KRaft, no Docker): `npm run kafka [-- --port 9092 --dir ./data/kafka]`, and
// `startKafka` for tests. Java 17 runs it from the jars that scripts/setup-kafka.sh fetches.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY = 'Kafka Server started';

/** Why a broker cannot run here, or undefined. */
export function missingForKafka() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1]);
  if (!(version >= 17)) return 'Java 17 or newer is not installed';
  if (formatted() === undefined && spawnSync('mvn', ['-version']).status !== 0)
    return 'Maven is not installed';
  return undefined;
}

export async function startKafka({
  directory,
  port,
  heap = '512m',
  fullSpeed = false,
  proxied,
  settings = {},
} = {}) {
  const setup = spawnSync('sh', ['scripts/setup-kafka.sh'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (setup.status !== 0) throw new Error('scripts/setup-kafka.sh failed');
  const home = directory ?? mkdtempSync(join(tmpdir(), 'kafka-'));
  const logs = join(home, 'logs');
  if (!existsSync(join(logs, 'meta.properties'))) {
    mkdirSync(home, { recursive: true });
    cpSync(formatted(), logs, { recursive: true });
  }
  const [listener = 0, controller = 0] =
    port === undefined ? await freePorts(2) : [port, ...(await freePorts(1))];
  writeFileSync(
    join(home, 'server.properties'),
    properties({
      ...defaults(logs, listener, controller),
      ...proxiedListener(listener, controller, proxied),
      ...settings,
    }),
  );
  const start = () => run(home, heap, fullSpeed);
  let broker = await start();
  return {
    brokers: [`127.0.0.1:${listener}`],
    directory: home,
    get pid() {
      return broker.pid;
    },
    /** A clean shutdown; the data stays. */
    stop: () => broker.end('SIGTERM'),
    /** As a crash; the data stays. */
    kill: () => broker.end('SIGKILL'),
    /** On the same port and data; stops it first where it runs. */
    async restart() {
      await broker.end('SIGTERM');
      broker = await start();
    },
    /** Ends it and deletes its data. */
    async remove() {
      await broker.end('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function formatted() {
  const kafka = join(ROOT, '.kafka');
  const name = existsSync(kafka) && readdirSync(kafka).find((each) => /^template-\d/.test(each));
  return name ? join(kafka, name) : undefined;
}

/** One machine, many short-lived groups and topics: few internal partitions, no waiting for more members. */
function defaults(logs, port, controller) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logs,
    'auto.create.topics.enable': false,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 500,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    // How long a controller that was killed with its broker refuses to take the broker back.
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 4,
  };
}

/** A second way in, for clients that are to come through a proxy. */
function proxiedListener(port, controller, proxied) {
  if (proxied === undefined) return {};
  const own = `PLAINTEXT://127.0.0.1:${port}`;
  return {
    listeners: `${own},PROXIED://127.0.0.1:${proxied.port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `${own},PROXIED://127.0.0.1:${proxied.advertisedPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
  };
}

const properties = (settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Starts the process and resolves when it serves. */
async function run(home, heap, fullSpeed) {
  const output = join(home, 'kafka.log');
  const log = openSync(output, 'w');
  // Compiling less is what makes a short-lived broker quick; a benchmark wants the real thing.
  const jvm = [
    `-Xmx${heap}`,
    '-XX:+UseSerialGC',
    ...(fullSpeed ? [] : ['-XX:TieredStopAtLevel=1', '-Xshare:auto']),
  ];
  const child = spawn(
    'sh',
    // The second process reads a pipe that ends with this process, whatever ends it, and then ends the broker.
    [
      '-c',
      'exec 3<&0; "$@" <&- 3<&- & pid=$!; echo $pid; (read -r _ <&3; kill -9 $pid 2>/dev/null) & wait $pid',
      'sh',
      'java',
      ...jvm,
      '-cp',
      join(ROOT, '.kafka/libs/*'),
      'kafka.Kafka',
      join(home, 'server.properties'),
    ],
    { stdio: ['pipe', 'pipe', log] },
  );
  closeSync(log);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  const pid = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', (data) => resolve(Number(data.toString())));
  });
  const end = async (signal) => {
    if (!ended) signalProcess(pid, signal);
    await exited;
    child.stdin.destroy();
  };
  const deadline = Date.now() + 300_000;
  while (!readFileSync(output, 'utf8').includes(READY)) {
    if (ended || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`Kafka did not start:\n${readFileSync(output, 'utf8').slice(-3000)}`);
    }
    await sleep(50);
  }
  return { pid, end };
}

function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export async function freePort() {
  const [port] = await freePorts(1);
  return port;
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? undefined : process.argv[at + 1];
  };
  const missing = missingForKafka();
  if (missing !== undefined) {
    console.error(`kafka: ${missing}`);
    process.exit(1);
  }
  const directory = option('dir');
  const kafka = await startKafka({
    directory,
    port: Number(option('port') ?? 9092),
    heap: '1g',
    fullSpeed: true,
  });
  console.log(`Kafka runs at ${kafka.brokers.join(',')} (data in ${kafka.directory}); Ctrl-C stops it`);
  const stop = () =>
    void (directory === undefined ? kafka.remove() : kafka.stop()).then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
