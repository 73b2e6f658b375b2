import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type AdminClient, adminClient } from '../../cli/admin-client.ts';
import { packageRoot } from '../../cli/package-root.ts';
import { readInstance } from '../../cli/run/instance-file.ts';
import { waitFor } from './wait-for.ts';

const MAIN = join(packageRoot(), 'dist/cli/main.js');

export const ADMIN_TOKEN = 'sat_for_tests_only_0123456789abcdef';

export interface SignalProcess {
  readonly pid: number;
  readonly gateway: string;
  readonly api: string;
  /** What it has written to standard output and standard error so far. */
  output(): string;
  /** The management API, with the admin token. */
  readonly admin: AdminClient;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
  /** SIGINT, as Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts the built program on ports of its own choosing and waits until it serves. */
export async function startSignal(
  dataDir: string,
  options: { readonly env?: Record<string, string>; readonly args?: readonly string[] } = {},
): Promise<SignalProcess> {
  const child = spawn(process.execPath, [MAIN, 'start', '--data-dir', dataDir, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      GATEWAY_PORT: '0',
      API_PORT: '0',
      REGISTRY_PORT: '0',
      SIGNAL_HOST: '127.0.0.1',
      SIGNAL_ALLOWED_CIDRS: '127.0.0.0/8',
      SIGNAL_ADMIN_TOKEN: ADMIN_TOKEN,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  const instance = await waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`signal start ended with ${child.exitCode}:\n${output}`);
      const found = await readInstance(dataDir);
      return found?.pid === child.pid ? found : undefined;
    },
    { timeoutMs: 300_000, what: () => `signal start to serve; it said:\n${output}` },
  );
  const { gateway = '', api = '' } = instance;
  return {
    pid: instance.pid,
    gateway,
    api,
    output: () => output,
    admin: adminClient(api, ADMIN_TOKEN),
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGINT'),
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGINT'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
