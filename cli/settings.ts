import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { isOrigin } from '../config/index.ts';
import { isCookieDomain, trustOf } from '../gateway/index.ts';

/**
 * Every setting of a process, in one table: `--help`, the environment and the settings file all follow from it.
 * A flag beats the environment, which beats the file, which beats the default.
 */
const SETTINGS = {
  dataDir: text('SIGNAL_DATA_DIR', '--data-dir <directory>', './data', 'where the embedded log lives'),
  kafkaBrokers: list(
    'KAFKA_BROKERS',
    '--kafka-brokers <brokers>',
    '',
    'host:port of Kafka brokers, separated by commas; left out, the log is embedded',
  ),
  schemaRegistryUrl: text(
    'SCHEMA_REGISTRY_URL',
    '--schema-registry-url <url>',
    '',
    'a schema registry elsewhere; left out, this process serves one',
  ),
  host: text('SIGNAL_HOST', '--host <address>', '0.0.0.0', 'address to listen on'),
  gatewayPort: port('GATEWAY_PORT', '--gateway-port <port>', 8080, 'port of the gateway'),
  apiPort: port('API_PORT', '--api-port <port>', 8084, 'port of the management API'),
  registryPort: port(
    'REGISTRY_PORT',
    '--registry-port <port>',
    8081,
    'port of the schema registry, on the loopback interface only',
  ),
  flush: oneOf(
    'SIGNAL_FLUSH',
    '--flush <when>',
    ['disk', 'os'],
    'what an acknowledged event survives: a power cut (disk) or a crash of the process (os)',
  ),
  partitions: count('SIGNAL_PARTITIONS', '--partitions <n>', 4, 'partitions of new topics'),
  logLevel: oneOf(
    'LOG_LEVEL',
    '--log-level <level>',
    ['info', 'debug', 'warn', 'error', 'silent'],
    'what is logged',
  ),
  encryptionKey: secret(
    'ENCRYPTION_KEY',
    'seals credentials, 32 bytes in base64 or hex; left out, a key file is made in the data directory',
  ),
  adminToken: secret('SIGNAL_ADMIN_TOKEN', 'the first admin token; left out, one is made and printed once'),
  checkpointKey: secret(
    'SIGNAL_CHECKPOINT_KEY',
    'signs checkpoints of the config log, as `signal config new-key` prints it; left out, a key file is made in the data directory',
  ),
  checkpointRetiredKeys: list(
    'SIGNAL_CHECKPOINT_RETIRED_KEYS',
    '--checkpoint-retired-keys <keys>',
    '',
    'public keys that signed checkpoints before, separated by commas',
  ),
  checkpointEvery: count(
    'SIGNAL_CHECKPOINT_EVERY',
    '--checkpoint-every <n>',
    100,
    'changes of the configuration after which a checkpoint is signed; after a day in any case',
  ),
  checkpointDirectory: text(
    'SIGNAL_CHECKPOINT_DIRECTORY',
    '--checkpoint-directory <directory>',
    '',
    'where checkpoints are published as files',
  ),
  checkpointBucket: text(
    'SIGNAL_CHECKPOINT_BUCKET',
    '--checkpoint-bucket <url>',
    '',
    'where checkpoints are published as objects: URL of a bucket that speaks S3, with a prefix if need be',
  ),
  checkpointWebhook: secret('SIGNAL_CHECKPOINT_WEBHOOK', 'URL that checkpoints are posted to'),
  awsRegion: text('AWS_REGION', '--aws-region <region>', 'us-east-1', 'of the bucket for checkpoints'),
  awsAccessKeyId: secret('AWS_ACCESS_KEY_ID', 'for the bucket for checkpoints'),
  awsSecretAccessKey: secret('AWS_SECRET_ACCESS_KEY', 'for the bucket for checkpoints'),
  awsSessionToken: secret(
    'AWS_SESSION_TOKEN',
    'for the bucket for checkpoints, if its credentials are temporary',
  ),
  oidcIssuer: text('OIDC_ISSUER', '--oidc-issuer <url>', '', 'identity provider to log in at as well'),
  oidcClientId: text('OIDC_CLIENT_ID', '--oidc-client-id <id>', '', 'what the provider calls this API'),
  oidcClientSecret: secret('OIDC_CLIENT_SECRET', 'what this API proves itself with at the provider'),
  oidcRedirectUri: text(
    'OIDC_REDIRECT_URI',
    '--oidc-redirect-uri <url>',
    '',
    'page that the provider sends people back to',
  ),
  oidcScope: text(
    'OIDC_SCOPE',
    '--oidc-scope <scope>',
    'openid email profile',
    'what the provider is asked for',
  ),
  oidcRoleClaim: text('OIDC_ROLE_CLAIM', '--oidc-role-claim <claim>', 'roles', 'claim that roles come from'),
  oidcRoles: list(
    'OIDC_ROLES',
    '--oidc-roles <mapping>',
    '',
    'role for each value of the claim: signal-admins=admin,...; left out, roles are given here',
  ),
  cookieDomain: text(
    'COOKIE_DOMAIN',
    '--cookie-domain <domain>',
    '',
    "domain of the cookies; left out, the registrable domain of the request's host",
    (given) => {
      if (!isCookieDomain(given)) throw new Error(`"${given}" is no domain that browsers keep cookies for`);
    },
  ),
  corsOrigins: list(
    'CORS_ORIGINS',
    '--cors-origins <origins>',
    '*',
    'origins that may send events, separated by commas',
    (origin) => {
      if (origin !== '*' && !isOrigin(origin))
        throw new Error(`"${origin}" is no origin such as https://shop.example, without a path`);
    },
  ),
  trustedProxies: list(
    'TRUSTED_PROXIES',
    '--trusted-proxies <cidrs>',
    '',
    'addresses or CIDR ranges whose X-Forwarded-For is believed, separated by commas',
    (range) => trustOf([range]),
  ),
  maxBatchSize: count('MAX_BATCH_SIZE', '--max-batch-size <n>', 500, 'events in one request'),
  maxPayloadSize: count('MAX_PAYLOAD_SIZE', '--max-payload-size <bytes>', 524_288, 'bytes in one request'),
  rateLimitRps: count(
    'RATE_LIMIT_RPS',
    '--rate-limit-rps <n>',
    1_000,
    'requests per second and pipeline key',
  ),
  rateLimitIpRps: whole(
    'RATE_LIMIT_IP_RPS',
    '--rate-limit-ip-rps <n>',
    0,
    'requests per second and address, of IPv6 each /64, 0 for no limit; behind a proxy, set trusted proxies too',
  ),
  maxConnections: whole(
    'MAX_CONNECTIONS',
    '--max-connections <n>',
    10_000,
    'connections open to the gateway at once, 0 for no limit',
  ),
  spoolMaxBytes: whole(
    'SPOOL_MAX_BYTES',
    '--spool-max-bytes <bytes>',
    1_073_741_824,
    'events kept on disk while Kafka cannot be reached, 0 for none',
  ),
  spoolDirectory: text(
    'SPOOL_DIRECTORY',
    '--spool-directory <directory>',
    '',
    'where they are kept; left out, in the data directory',
  ),
  retryMaxAttempts: count(
    'RETRY_MAX_ATTEMPTS',
    '--retry-max-attempts <n>',
    5,
    'requests made for an event before it is given up',
  ),
  retryBackoffBase: count(
    'RETRY_BACKOFF_BASE',
    '--retry-backoff-base <seconds>',
    4,
    'first retry waits up to this long, each later one up to four times as long',
  ),
  allowedCidrs: list(
    'SIGNAL_ALLOWED_CIDRS',
    '--allowed-cidrs <cidrs>',
    '',
    'private networks that deliveries may reach',
  ),
} as const;

interface Setting<T> {
  readonly env: string;
  /** Absent for secrets: a command line is visible to every user of the machine. */
  readonly flag?: string;
  readonly help: string;
  readonly default: T;
  /** Throws with what is wrong with the text. */
  parse(text: string): T;
}

type SettingsTable = typeof SETTINGS;
export type Settings = { readonly [Name in keyof SettingsTable]: SettingsTable[Name]['default'] };
export type SettingName = keyof Settings;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** Flags for a command-line parser: name in `Settings`, syntax, help. */
export const FLAGS = SETTING_NAMES.flatMap((name) => {
  const setting: Setting<unknown> = SETTINGS[name];
  if (setting.flag === undefined) return [];
  const shown = Array.isArray(setting.default) ? setting.default.join(',') : String(setting.default);
  const suffix = shown === '' ? '' : `, default ${shown}`;
  return [{ name, flag: setting.flag, help: `${setting.help} (${setting.env}${suffix})` }];
});

export const ENVIRONMENT_ONLY = SETTING_NAMES.flatMap((name) => {
  const setting: Setting<unknown> = SETTINGS[name];
  return setting.flag === undefined ? [{ env: setting.env, help: setting.help }] : [];
});

/** Throws a `SettingError` that names the setting, where it came from, and what is wrong with it. */
export function readSettings(sources: {
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly file?: string | undefined;
}): Settings {
  const file = sources.file === undefined ? {} : readFile(sources.file);
  const read = <Name extends SettingName>(name: Name): Settings[Name] => {
    const setting: Setting<Settings[Name]> = SETTINGS[name] as Setting<unknown> as Setting<Settings[Name]>;
    const given = [
      { text: sources.flags?.[name], from: `flag ${setting.flag?.split(' ')[0]}` },
      { text: sources.env?.[setting.env], from: `environment variable ${setting.env}` },
      { text: file[setting.env], from: `${setting.env} in ${sources.file}` },
    ].find(({ text }) => text !== undefined && text !== '');
    if (given?.text === undefined) return setting.default;
    try {
      return setting.parse(given.text);
    } catch (error) {
      throw new SettingError(`${given.from}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, read(name)])) as Settings;
}

function readFile(path: string): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Record<string, string | undefined>;
  } catch (error) {
    throw new SettingError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Throws with what is wrong with the text. */
type Check = (given: string) => unknown;

function text(env: string, flag: string, fallback: string, help: string, check?: Check): Setting<string> {
  const parse = (given: string): string => {
    check?.(given);
    return given;
  };
  return { env, flag, help, default: fallback, parse };
}

function secret(env: string, help: string): Setting<string | undefined> {
  return { env, help, default: undefined, parse: (given) => given };
}

function list(
  env: string,
  flag: string,
  fallback: string,
  help: string,
  check?: Check,
): Setting<readonly string[]> {
  const parse = (given: string): string[] => {
    const items = given
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    for (const item of items) check?.(item);
    return items;
  };
  return { env, flag, help, default: parse(fallback), parse };
}

function count(env: string, flag: string, fallback: number, help: string): Setting<number> {
  return { env, flag, help, default: fallback, parse: (given) => integer(given, 1, Number.MAX_SAFE_INTEGER) };
}

/** 0 switches off what it is of. */
function whole(env: string, flag: string, fallback: number, help: string): Setting<number> {
  return { env, flag, help, default: fallback, parse: (given) => integer(given, 0, Number.MAX_SAFE_INTEGER) };
}

function port(env: string, flag: string, fallback: number, help: string): Setting<number> {
  return { env, flag, help, default: fallback, parse: (given) => integer(given, 0, 65_535) };
}

function oneOf<const T extends readonly [string, ...string[]]>(
  env: string,
  flag: string,
  values: T,
  help: string,
): Setting<T[number]> {
  return {
    env,
    flag,
    help,
    default: values[0],
    parse(given) {
      const found = values.find((value) => value === given);
      if (found === undefined) throw new Error(`"${given}" is none of ${values.join(', ')}`);
      return found;
    },
  };
}

function integer(given: string, min: number, max: number): number {
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < min || value > max || !/^\d+$/.test(given)) {
    const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
    throw new Error(`"${given}" is not a whole number ${range}`);
  }
  return value;
}
