import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpoolError } from './errors.ts';

/** A socket's path has to fit into `sockaddr_un`: 108 bytes on Linux, 104 elsewhere. */
const LONGEST_PATH = 100;

export interface Lock {
  release(): Promise<void>;
}

/**
 * One owner per directory. The lock is a Unix socket on which the owner listens: the kernel ends it with the process,
 * however that dies, and unlike the process id in a file it means the same in every container that shares the
 * directory. A socket file that nobody answers on was left by a killed process and is taken over.
 */
export async function lockDirectory(directory: string): Promise<Lock> {
  const token = randomUUID();
  const server = createServer((socket) => socket.on('error', () => {}).end(token));
  const path = await listenInOrBeside(directory, server);
  if (path === undefined) throw new SpoolError('SPOOL_LOCKED', directory);
  server.unref();
  // Two processes may have found the same dead socket; the one whose socket was replaced meanwhile gives way.
  if ((await ask(path)) !== token) {
    server.close();
    throw new SpoolError('SPOOL_LOCKED', directory);
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** The path, `undefined` if somebody has it. Where the directory takes no sockets (its path is too long, or it is a
 * file system that has none) they all use one among the temporary files instead. */
async function listenInOrBeside(directory: string, server: Server): Promise<string | undefined> {
  const inside = join(directory, 'lock.sock');
  const digest = createHash('sha256').update(inside).digest('hex').slice(0, 32);
  const beside = join(tmpdir(), `signal-${digest}.sock`);
  const paths = Buffer.byteLength(inside) <= LONGEST_PATH ? [inside, beside] : [beside];
  let failure: unknown;
  for (const path of paths) {
    if ((await ask(path)) !== undefined) return undefined;
    try {
      await rm(path, { force: true });
      await listen(server, path);
      return path;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
      failure = error;
    }
  }
  throw new SpoolError('SPOOL_UNWRITABLE', `no lock in ${directory}`, { cause: failure });
}

/** What the owner says, `undefined` if there is none. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    connect(path)
      .setEncoding('utf8')
      .on('data', (text) => {
        answer += text;
      })
      .on('error', () => resolve(undefined))
      .on('end', () => resolve(answer));
  });
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, 'listening');
}
