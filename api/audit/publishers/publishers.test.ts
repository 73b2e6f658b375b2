import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directoryPublisher } from './directory.ts';
import { objectStorePublisher } from './object-store.ts';
import { webhookPublisher } from './webhook.ts';

const CHECKPOINT = { size: 41, root: Buffer.alloc(32, 0xab), note: 'origin\n41\nq6ur\n\n— origin AAAA\n' };
const NAME = '000000000041-abababababababab.checkpoint';
const { signal } = new AbortController();

interface Received {
  readonly request: IncomingMessage;
  readonly body: string;
}

let server: Server;
let url: string;
let received: Received[];
let status: number;

beforeEach(async () => {
  received = [];
  status = 200;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ request, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, { location: '/elsewhere' });
    response.end('<Error><Code>AccessDenied</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('a directory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signal-publish-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('gets a file for each checkpoint, and keeps two that contradict one another', async () => {
    const where = join(directory, 'not', 'there', 'yet');
    const { publish } = directoryPublisher(where);
    await publish(CHECKPOINT, signal);
    await publish(CHECKPOINT, signal);
    await publish({ ...CHECKPOINT, root: Buffer.alloc(32, 0xcd) }, signal);
    expect((await readdir(where)).sort()).toEqual([NAME, '000000000041-cdcdcdcdcdcdcdcd.checkpoint']);
    expect(await readFile(join(where, NAME), 'utf8')).toBe(CHECKPOINT.note);
  });
});

describe('a webhook', () => {
  it('gets the note as it is', async () => {
    const publisher = webhookPublisher(`${url}/hook/very-secret`);
    await publisher.publish(CHECKPOINT, signal);
    expect(received.map(({ request, body }) => [request.method, request.url, body])).toEqual([
      ['POST', '/hook/very-secret', CHECKPOINT.note],
    ]);
    expect(publisher.name).toBe(`webhook at ${new URL(url).host}`);
  });

  it.each([500, 404, 302])('has not got it when it answers %i', async (answer) => {
    status = answer;
    await expect(webhookPublisher(url).publish(CHECKPOINT, signal)).rejects.toThrow();
    expect(received).toHaveLength(1);
  });
});

describe('an object store', () => {
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const store = () => ({
    url: `${url}/bucket/audit`,
    region: 'eu-central-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: SECRET,
  });

  it('gets an object for each checkpoint, in a request that is signed as S3 wants it', async () => {
    await objectStorePublisher(store()).publish(CHECKPOINT, signal);
    const [first] = received;
    if (first === undefined) throw new Error('nothing was received');
    const { request, body } = first;
    expect([request.method, request.url, body]).toEqual(['PUT', `/bucket/audit/${NAME}`, CHECKPOINT.note]);
    expect(request.headers['x-amz-content-sha256']).toBe(sha256(CHECKPOINT.note));
    expect(request.headers.authorization).toBe(authorizationOf(request, SECRET));
  });

  it('says why it refused', async () => {
    status = 403;
    await expect(objectStorePublisher(store()).publish(CHECKPOINT, signal)).rejects.toThrow(
      '403 AccessDenied',
    );
    expect(received).toHaveLength(1);
  });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Signature Version 4, as AWS describes it, for the headers that the request itself says are signed. */
function authorizationOf({ method, url: path, headers }: IncomingMessage, secret: string): string {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
  const canonicalHeaders = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
  const hash = headers['x-amz-content-sha256'];
  const canonical = [method, path, '', canonicalHeaders.join(''), signed, hash].join('\n');
  const time = String(headers['x-amz-date']);
  const day = time.slice(0, 8);
  const scope = `${day}/eu-central-1/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, 'eu-central-1', 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}
