import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type AvroSchema, avroSerde, confluentRegistry } from '../serdes/index.ts';
import { isMissing, pythonWithClient } from '../serdes/testing/tools.ts';
import { temporaryRegistry } from './testing.ts';

interface Order {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly total: null | number;
  readonly placedAt: number;
}

const ORDER: AvroSchema<Order> & { readonly namespace: string; readonly fields: readonly unknown[] } = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'labels', type: { type: 'map', values: 'string' } },
    { name: 'total', type: ['null', 'double'], default: null },
    { name: 'placedAt', type: 'long' },
  ],
};
const AN_ORDER: Order = { id: 'o-1', labels: { channel: 'wéb' }, total: 12.5, placedAt: 2 ** 45 };

const python = pythonWithClient();
const skip = isMissing(python, "Confluent's Python client");

async function askPython(url: string, input: string): Promise<unknown> {
  const script = fileURLToPath(new URL('./python_client.py', import.meta.url));
  const child = spawn(python ?? 'python3', [script, url], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (status !== 0) throw new Error(`python_client.py failed: ${errors}`);
  return JSON.parse(output);
}

test.skipIf(skip)(
  "Confluent's Python client finds all it expects, and reads and writes our values",
  async () => {
    const { url } = await temporaryRegistry();
    const registry = confluentRegistry({ url });
    const orders = await avroSerde({ schema: ORDER, subject: 'orders-value', registry });
    const answers = await askPython(url, orders.serialize(AN_ORDER).toString('hex'));
    expect(answers).toMatchObject({
      registered: [2, 3, 2],
      refused: [409, 409, expect.stringContaining('TYPE_MISMATCH')],
      versions: [1, 2],
      latest: 2,
      'version 1': expect.stringContaining('"name":"Item"'),
      'looked up': 2,
      'unknown schema': [404, 40403, 'Schema not found'],
      'unknown subject': [404, 40401, "Subject 'nothing' not found."],
      compatible: [true, false],
      'compatible with all': true,
      types: ['AVRO'],
      references: ['shop.Money'],
      'referenced by bills': true,
      'money is in use': [422, 42206, expect.any(String)],
      level: 'NONE',
      'allowed then': true,
      mode: 'READONLY',
      'read only': [422, 42205, expect.any(String)],
      'version deleted': 3,
      'subject deleted': [1, 2],
      'for good': [1, 2, 3],
      subjects: ['bills', 'money', 'orders-value'],
      ours: AN_ORDER,
    });
    expect(orders.deserialize(Buffer.from(Object(answers).theirs, 'hex'))).toEqual({
      ...AN_ORDER,
      id: 'from Python',
    });
  },
);
