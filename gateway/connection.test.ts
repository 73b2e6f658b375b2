import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fakeScripts, post, SERVER_KEY, sendRaw, startGateway, type TestGateway } from './testing/harness.ts';

const SHORT = { headers: 500, request: 1000, keepAlive: 5000, stalled: 30_000, closing: 500, check: 50 };
const HEAD = 'POST /v1/t HTTP/1.1\r\nHost: signal.example\r\nContent-Type: application/json\r\n';
const EVENT = '{"event":"x","anonymousId":"a"}';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

function parse(response: string) {
  const [head = '', body = ''] = response.split('\r\n\r\n');
  const error: unknown = JSON.parse(body);
  return { status: Number(head.split(' ')[1]), error };
}

describe('what is not HTTP', () => {
  it.each<[string, string | Buffer]>([
    ['nonsense', 'nonsense\r\n\r\n'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a name', `${HEAD}: x\r\n\r\n`],
    ['a header with a line break in it', `${HEAD}X: a\nb: c\u0000\r\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`],
    ['a negative length', `${HEAD}Content-Length: -5\r\n\r\n`],
    [
      'a length and chunks, as in request smuggling',
      `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['chunks without a size', `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('is answered 400 and hung up: %s', async (_what, bytes) => {
    expect(parse(await sendRaw(gateway.port, bytes))).toMatchObject({
      status: 400,
      error: { error: { code: 'MALFORMED_REQUEST' } },
    });
  });

  it('is answered 431 when the headers are 10 MB, even to a client that sends them all first', async () => {
    const header = `X-Large: ${'x'.repeat(10_000_000)}\r\n`;
    expect(parse(await sendRaw(gateway.port, `${HEAD}${header}\r\n`))).toMatchObject({
      status: 431,
      error: { error: { code: 'HEADERS_TOO_LARGE' } },
    });
    const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: ${index}\r\n`).join('');
    expect(parse(await sendRaw(gateway.port, `${HEAD}${many}\r\n`)).status).toBe(431);
  });

  it('is answered 405 when it asks for a tunnel', async () => {
    expect(
      parse(await sendRaw(gateway.port, 'CONNECT evil:25 HTTP/1.1\r\nHost: evil:25\r\n\r\n')).status,
    ).toBe(405);
  });

  it('is answered 417 when it expects what nobody knows', async () => {
    const request = 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nConnection: close\r\n\r\n';
    expect(parse(await sendRaw(gateway.port, request))).toMatchObject({
      status: 417,
      error: { error: { code: 'EXPECTATION_FAILED' } },
    });
  });
});

describe('a slow request', () => {
  let impatient: TestGateway;
  beforeAll(async () => {
    impatient = await startGateway({ settings: { timeouts: SHORT } });
  });
  afterAll(() => impatient.close());

  it.each([
    ['before its first byte', ''],
    ['in its headers', HEAD],
    ['in its body', `${HEAD}Content-Length: 100\r\n\r\n{"event"`],
    ['in its chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n{"eve`],
  ])('is answered 408 and hung up when it stops %s', async (_where, bytes) => {
    expect(parse(await sendRaw(impatient.port, bytes))).toMatchObject({
      status: 408,
      error: { error: { code: 'REQUEST_TIMEOUT' } },
    });
  });

  it.each([
    ['its headers', HEAD, 'X-Slow: x\r\n'],
    ['its body', `${HEAD}Content-Length: 100000\r\n\r\n{"event":"`, 'x'],
    ['its chunks', `${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
  ])('is answered 408 and hung up however steadily it dribbles %s', async (_what, head, drop) => {
    const socket = connect(impatient.port, '127.0.0.1').setEncoding('utf8');
    socket.on('error', () => {});
    socket.write(head);
    const dribble = setInterval(() => socket.write(drop), 20);
    let answer = '';
    socket.on('data', (text) => {
      answer += text;
    });
    await once(socket, 'end');
    clearInterval(dribble);
    socket.destroy();
    expect(parse(answer)).toMatchObject({ status: 408, error: { error: { code: 'REQUEST_TIMEOUT' } } });
  });

  it('does not hold up the end of the gateway', async () => {
    const closing = await startGateway({
      settings: { timeouts: { ...SHORT, headers: 60_000, request: 60_000 } },
    });
    const socket = connect(closing.port, '127.0.0.1').on('error', () => {});
    const dribble = setInterval(() => socket.write('x'), 20);
    socket.write(`${HEAD}Content-Length: 100000\r\n\r\n`);
    await once(closing.app.server, 'request');
    const before = performance.now();
    await closing.close();
    expect(performance.now() - before).toBeLessThan(30_000);
    clearInterval(dribble);
    socket.destroy();
  });

  it('does not hold up others', async () => {
    // The others are not to be taken for slow ones where the machine is.
    const patient = await startGateway({
      settings: { timeouts: { ...SHORT, headers: 2000, request: 30_000 } },
    });
    const slow = Array.from({ length: 50 }, () => connect(patient.port, '127.0.0.1').on('error', () => {}));
    for (const socket of slow) socket.write(HEAD);
    const answer = await post(`${patient.url}/v1/t`, EVENT, { authorization: `Bearer ${SERVER_KEY}` });
    expect(answer.status).toBe(200);
    await Promise.all(slow.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve))));
    await patient.close();
  });
});

describe('a client that reads no answers', () => {
  it('is hung up once as many of them wait as the system holds', async () => {
    const impatient = await startGateway({
      settings: { timeouts: { ...SHORT, stalled: 300 } },
      collectorScripts: { ...fakeScripts(), loader: () => 'x'.repeat(1_000_000) },
    });
    const connected = once(impatient.app.server, 'connection');
    const socket = connect(impatient.port, '127.0.0.1').on('error', () => {});
    // Paused, the socket would not notice its end either; so it is the server that is asked.
    socket.pause().write('GET /d.js HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50));
    const connections = () =>
      new Promise<number>((resolve) => impatient.app.server.getConnections((_, count) => resolve(count)));
    await connected;
    await vi.waitFor(async () => expect(await connections()).toBe(0));
    socket.destroy();
    await impatient.close();
  });
});

describe('many connections', () => {
  const idle = async (port: number): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    return socket;
  };

  it('that are kept without a request give way to others at the limit', async () => {
    const small = await startGateway({ settings: { maxConnections: 20 } });
    const sockets = await Promise.all(Array.from({ length: 20 }, () => idle(small.port)));
    const closed = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    // The first to come above the limit is dropped, and makes room.
    await sendRaw(small.port, 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n').catch(
      () => '',
    );
    await closed;
    expect((await post(`${small.url}/v1/t`, EVENT, { authorization: `Bearer ${SERVER_KEY}` })).status).toBe(
      200,
    );
    await small.close();
  });

  it('may be open and idle, a thousand of them, while one is served', async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => idle(gateway.port)));
    const took: number[] = [];
    for (let i = 0; i < 5; i++) {
      const before = performance.now();
      const answer = await post(`${gateway.url}/v1/t`, EVENT, { authorization: `Bearer ${SERVER_KEY}` });
      took.push(performance.now() - before);
      expect(answer.status).toBe(200);
    }
    // The quickest tells what the connections cost; the others, what else the machine did.
    expect(Math.min(...took)).toBeLessThan(1000);
    for (const socket of sockets) socket.destroy();
  });
});

describe('a connection', () => {
  it('serves pipelined requests in order', async () => {
    const request = (path: string, rest = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${rest}\r\n`;
    const event = `${HEAD}Authorization: Bearer ${SERVER_KEY}\r\nContent-Length: ${EVENT.length}\r\n\r\n${EVENT}`;
    const answers = await sendRaw(
      gateway.port,
      Array.from({ length: 100 }, () => event + request('/nothing')).join('') +
        request('/healthz', 'Connection: close\r\n'),
    );
    const statuses = Array.from({ length: 100 }, () => ['200', '404']).flat();
    expect(answers.match(/(?<=HTTP\/1\.1 )\d+/g)).toEqual([...statuses, '200']);
  });

  it('serves on after a refusal', async () => {
    const refused = `${HEAD}Content-Length: 1\r\n\r\n{`;
    const good = `${HEAD}Authorization: Bearer ${SERVER_KEY}\r\nContent-Length: ${EVENT.length}\r\nConnection: close\r\n\r\n${EVENT}`;
    const answers = await sendRaw(gateway.port, refused, good);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  it('serves on after a body that was too large, once the client has sent it all', async () => {
    const size = 5_000_000;
    const large = `${HEAD}Content-Length: ${size}\r\n\r\n${'x'.repeat(size)}`;
    const answers = await sendRaw(
      gateway.port,
      large,
      'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  it('takes a body in chunks, and refuses it when the chunks grow too large', async () => {
    const chunked = (...chunks: string[]) =>
      [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
    const head = `${HEAD}Authorization: Bearer ${SERVER_KEY}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await sendRaw(gateway.port, head, chunked(EVENT.slice(0, 5), EVENT.slice(5)))).toContain(
      'HTTP/1.1 200',
    );
    const large = 'x'.repeat(100_000);
    expect(await sendRaw(gateway.port, head, chunked(large, large, large, large, large, large))).toContain(
      'HTTP/1.1 413',
    );
  });
});
