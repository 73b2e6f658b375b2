import {
  DEFAULT_SOURCE_SETTINGS,
  EventTree,
  type NoteSigner,
  parseNoteSigner,
  signCheckpoint,
  writeNoteSigner,
} from '../../../config/index.ts';
import type { ConfigEvent } from '../../../schemas/index.ts';
import { memoryRegistry } from '../../../streams/index.ts';
import {
  CONFIG_LOG,
  configSerdes,
  type StoredCheckpoint,
  WriterSchemas,
} from '../../../topologies/config/index.ts';
import { AUDITED_CONFIG } from '../audited-logs.ts';
import type { ExportedEvent, LogExport } from '../formats/export.ts';

export const SIGNER: NoteSigner = signerOf(1);

export function signerOf(seed: number): NoteSigner {
  const signer = parseNoteSigner(writeNoteSigner('audit.example/config', Buffer.alloc(32, seed)));
  if (signer === undefined) throw new Error('no signer');
  return signer;
}

/** What people write, at its worst. */
const TEXTS = [
  'Shop',
  '=HYPERLINK("https://x.example","y")',
  'Größe 🎉 "quoted", \\ back\nnext\tline',
  '\u2028<b>&amp;',
  ' +1',
];

const textOf = (i: number): string => TEXTS[i % TEXTS.length] ?? '';

const sourceCreated = (i: number): ConfigEvent['payload'] => ({
  'signal.config.SourceCreated': {
    sourceId: `src_${i}`,
    name: textOf(i),
    type: 'web',
    pipelineKey: `dk_live_${i}`,
    ...DEFAULT_SOURCE_SETTINGS,
  },
});

const integrationInstalled = (i: number): ConfigEvent['payload'] => ({
  'signal.config.IntegrationInstalled': {
    integrationId: `int_${i}`,
    name: textOf(i),
    vendor: 'webhook',
    variant: 'default',
    settings: JSON.stringify({ url: 'https://sink.example/in', note: textOf(i) }),
    secrets: { auth_token: `v1.sec_${i}.c2VhbGVk`, 7: 'sealed' },
    fingerprints: { auth_token: 'fp_1' },
    consentCategories: ['analytics', textOf(i)],
  },
});

export const sampleEvent = (sequence: number): ConfigEvent => ({
  sequence,
  commandId: `cmd-${sequence}`,
  resourceId: `res_${sequence}`,
  resourceVersion: 1,
  time: 1_700_000_000_000 + sequence,
  actor: { kind: 'user', id: 'usr_1', name: textOf(sequence), ip: sequence % 2 === 0 ? '192.0.2.1' : null },
  reason: sequence % 3 === 0 ? null : textOf(sequence),
  payload: sequence % 2 === 0 ? sourceCreated(sequence) : integrationInstalled(sequence),
});

/** An export of a log of so many events, signed at these sizes. */
export async function sampleExport(
  size: number,
  signedAt: readonly number[] = [size],
  signer: NoteSigner = SIGNER,
): Promise<LogExport<ConfigEvent> & { readonly tree: EventTree }> {
  const registry = memoryRegistry();
  const { event: serde } = await configSerdes(registry);
  const schemas = new WriterSchemas(registry, CONFIG_LOG);
  const tree = new EventTree();
  const events: ExportedEvent<ConfigEvent>[] = [];
  for (let sequence = 1; sequence <= size; sequence++) {
    const event = sampleEvent(sequence);
    const record = serde.serialize(event);
    await schemas.prepare([record]);
    const read = schemas.read(record, sequence);
    tree.add(record, read);
    events.push({ record, read, event });
  }
  const used = await Promise.all([...tree.headAt(size).schemas.keys()].map((id) => schemas.schema(id)));
  return {
    of: AUDITED_CONFIG,
    origin: signer.key.name,
    publicKeys: [signer.key.text],
    size,
    schemas: used.filter((schema) => schema !== undefined),
    checkpoints: signedAt.map((at, i) => checkpointOf(tree, signedAt[i - 1] ?? 0, at, signer)),
    tree,
    async *events() {
      yield events;
    },
  };
}

function checkpointOf(events: EventTree, first: number, size: number, signer: NoteSigner): StoredCheckpoint {
  const leaves = Array.from({ length: size - first }, (_, i) => events.tree.leaf(first + i));
  return {
    note: signCheckpoint(signer, events.headAt(size)),
    size,
    time: 1_700_000_000_000,
    publicKey: signer.key.text,
    leaves: { first, hashes: Buffer.concat(leaves) },
  };
}

/** All of a text that comes in chunks. */
export async function textOfAll(chunks: AsyncIterable<string | Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all).toString('utf8');
}
