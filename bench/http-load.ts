import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly bodies: readonly string[];
  readonly connections: number;
  /** Requests to send; bodies are used in turn. */
  readonly count: number;
  /** Requests a second; left out, as fast as answers come. */
  readonly rate?: number | undefined;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds, sorted. With a rate, from when the request was due: a late one counts as slow, not as rare. */
  readonly latencies: readonly number[];
}

/**
 * Posts over plain sockets, one request at a time on each, with the requests' bytes made before: on a machine with few
 * cores an HTTP client would take more of them than the server it is to load. Rejects on any answer but 200.
 */
export async function load({ port, path, key, bodies, connections, count, rate }: Load): Promise<LoadResult> {
  const requests = bodies.map((body) =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  const latencies: number[] = [];
  let next = 0;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const started = performance.now();

  const post = async (connection: Connection): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const request = requests[index % requests.length];
      if (request === undefined) throw new Error('there are no bodies to send');
      const due = rate === undefined ? performance.now() : started + (index * 1000) / rate;
      const early = due - performance.now();
      if (early > 1) await sleep(early);
      await connection.exchange(request);
      latencies.push(performance.now() - due);
    }
    connection.close();
  };
  await Promise.all(open.map(post));
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: count / seconds, latencies: latencies.sort((a, b) => a - b) };
}

/** Answers are small enough to come in one piece. */
class Connection {
  readonly #socket: Socket;
  #answer: { resolve(): void; reject(error: Error): void } | undefined;

  static async open(port: number): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Connection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', (error) => this.#answer?.reject(error));
    socket.on('data', (data) => {
      const head = data.toString('latin1', 0, 12);
      if (head === 'HTTP/1.1 200') this.#answer?.resolve();
      else this.#answer?.reject(new Error(`the answer was ${data.toString()}`));
    });
  }

  exchange(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
