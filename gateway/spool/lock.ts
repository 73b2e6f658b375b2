import { createHash, randomUUID } from 'node:crypto';
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
  const path = pathOf(directory);
  const token = randomUUID();
  if ((await ask(path)) !== undefined) throw new SpoolError('SPOOL_LOCKED', directory);
  await rm(path, { force: true });
  const server = createServer((socket) => socket.on('error', () => {}).end(token));
  await listen(server, path, directory);
  server.unref();
  // Two processes may have found the same dead socket; the one whose socket was replaced meanwhile gives way.
  if ((await ask(path)) !== token) {
    server.close();
    throw new SpoolError('SPOOL_LOCKED', directory);
  }
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function pathOf(directory: string): string {
  const path = join(directory, 'lock.sock');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  return join(tmpdir(), `signal-${createHash('sha256').update(path).digest('hex').slice(0, 32)}.sock`);
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

function listen(server: Server, path: string, directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new SpoolError('SPOOL_LOCKED', directory, { cause })));
    server.listen(path, () => resolve());
  });
}
