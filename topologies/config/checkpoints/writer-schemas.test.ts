import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { avroType, memoryRegistry, type SchemaRegistry, SerdeError } from '../../../streams/index.ts';
import { CONFIG_LOG } from './signed-log.ts';
import { WriterSchemas } from './writer-schemas.ts';

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Event',
  namespace: 'signal.test',
  doc: 'An event.',
  fields: [
    { name: 'sequence', type: 'long', doc: '1, 2, 3' },
    { name: 'reason', type: ['null', 'string'], default: null },
    { name: 'time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'], default: 'A' } },
    { name: 'other', type: 'Kind' },
    { name: 'more', type: { type: 'map', values: { type: 'array', items: 'Kind' } } },
  ],
});

const VALUE = { sequence: 7, reason: 'because', time: 5, kind: 'A', other: 'B', more: { a: ['A'], 2: [] } };

let registry: SchemaRegistry;
let schemas: WriterSchemas;

beforeEach(async () => {
  registry = memoryRegistry();
  await registry.register('config-events-value', SCHEMA);
  schemas = new WriterSchemas(registry, CONFIG_LOG);
});

const framed = (id: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.writeInt32BE(id, 1);
  return Buffer.concat([header, body]);
};

const record = framed(1, avroType(SCHEMA).toBuffer(VALUE));

describe('the schema an event was written with', () => {
  it('is fingerprinted as others fingerprint it, whatever it says besides', async () => {
    const schema = await schemas.schema(1);
    // fastavro's to_parsing_canonical_form, and its SHA-256.
    expect(schema?.canonical).toBe(
      '{"name":"signal.test.Event","type":"record","fields":[{"name":"sequence","type":"long"},{"name":"reason","type":["null","string"]},{"name":"time","type":"long"},{"name":"kind","type":{"name":"signal.test.Kind","type":"enum","symbols":["A","B"]}},{"name":"other","type":"signal.test.Kind"},{"name":"more","type":{"type":"map","values":{"type":"array","items":"signal.test.Kind"}}}]}',
    );
    expect(schema?.fingerprint.toString('hex')).toBe(
      'ce89fdfd32f02312b66835bf085f21e5e41de037f70a999754831f953ed00459',
    );
  });

  it("shows the event in Avro's JSON encoding", async () => {
    await schemas.prepare([record]);
    const read = schemas.read(record, 1);
    expect(read).toMatchObject({ sequence: 7, schemaId: 1 });
    expect(JSON.parse(JSON.stringify(read?.value))).toEqual({ ...VALUE, reason: { string: 'because' } });
  });

  it('is numbered by its place where its log says so, whatever is in it', async () => {
    const places = new WriterSchemas(registry, { numbered: false });
    await places.prepare([record]);
    expect(places.read(record, 3)).toMatchObject({ sequence: 3 });
  });

  it('reads its own canonical form to the same', async () => {
    const registry = memoryRegistry();
    await registry.register('x', (await schemas.schema(1))?.canonical ?? '');
    const again = new WriterSchemas(registry, CONFIG_LOG);
    await Promise.all([again.prepare([record]), schemas.prepare([record])]);
    expect(JSON.stringify(again.read(record, 1))).toBe(JSON.stringify(schemas.read(record, 1)));
  });
});

describe('what cannot be read', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no framing', Buffer.from('hello, hello')],
    ['another magic byte', Buffer.concat([Buffer.of(1), record.subarray(1)])],
    ['a schema there is not', framed(2, record.subarray(5))],
    ['too few bytes', record.subarray(0, -1)],
    ['bytes left over', Buffer.concat([record, Buffer.of(0)])],
  ])('is no event: %s', async (_, bytes) => {
    await schemas.prepare([bytes]);
    expect(schemas.read(bytes, 1)).toBeUndefined();
  });

  it('does no harm, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const hostile = framed(1, Buffer.from(bytes));
        await schemas.prepare([hostile]);
        expect(() => schemas.read(hostile, 1)).not.toThrow();
      }),
    );
  });

  it('is not taken for unreadable because the registry is away', async () => {
    const away = new WriterSchemas(
      {
        schema: async () => {
          throw new SerdeError('REGISTRY_UNAVAILABLE', 'at lunch');
        },
      },
      CONFIG_LOG,
    );
    await expect(away.prepare([record])).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});
