import { hash } from 'node:crypto';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import {
  EventTree,
  type Evidence,
  fromBase64,
  type NoteKey,
  openCheckpoint,
  type Problem,
  type Verification,
  verifyLog,
} from '../../config/index.ts';
import { SerdeError } from '../../streams/index.ts';
import { CONFIG_LOG, type SignedLog, WriterSchemas } from '../../topologies/config/index.ts';
import { AUDITED_LOGS } from './audited-logs.ts';
import { checkpointLine, eventLine, headerLine } from './formats/ndjson.ts';
import { linesOf } from './lines.ts';

const Header = Type.Object({
  format: Type.Union(AUDITED_LOGS.map(({ format }) => Type.Literal(format))),
  origin: Type.String(),
  public_keys: Type.Array(Type.String()),
  size: Type.Integer({ minimum: 0 }),
  schemas: Type.Record(Type.String({ pattern: '^[0-9]{1,9}$' }), Type.Unknown()),
});

const FORMATS = AUDITED_LOGS.map(({ format }) => format).join(' or ');

const kindOf = ({ format }: Pick<Static<typeof Header>, 'format'>) =>
  AUDITED_LOGS.find((each) => each.format === format) ?? AUDITED_LOGS[0];

const EventLine = Type.Object({ record: Type.String() });

const CheckpointLine = Type.Object({
  checkpoint: Type.String(),
  first_leaf: Type.Integer({ minimum: 0 }),
  leaf_hashes: Type.String(),
});

export interface ExportToVerify {
  /** Of an export in NDJSON. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Those the auditor believes, wherever they come from. */
  readonly keys: readonly NoteKey[];
  /** Notes the auditor has kept. */
  readonly remembered?: readonly string[] | undefined;
}

export interface VerifiedExport extends Verification {
  /** The newest checkpoint in it: worth keeping. */
  readonly checkpoint: string | undefined;
}

/**
 * Verifies an export by nothing but itself and keys that are believed: its bytes against the checkpoints, what it
 * shows of each event against the bytes, and every line against the one way it can be written.
 */
export async function verifyExport(given: ExportToVerify): Promise<VerifiedExport> {
  const { keys, remembered } = given;
  const reader = new ExportReader();
  for await (const line of linesOf(given.chunks)) await reader.take(line);
  const { events, checkpoints } = reader;
  const verification = verifyLog({ events, checkpoints, remembered, schemas: reader.fingerprints, keys });
  const problem =
    reader.headerProblem(keys) ??
    eventProblem(reader, verification) ??
    reader.restProblem(keys, verification);
  return { ...verification, valid: problem === undefined, problem, checkpoint: checkpoints.at(-1)?.note };
}

class ExportReader {
  readonly events = new EventTree();
  readonly checkpoints: Evidence['checkpoints'][number][] = [];
  readonly fingerprints = new Map<number, Buffer>();
  /** The first event that is shown as what its bytes are not. */
  shownWrong: number | undefined;
  private header: Static<typeof Header> | undefined;
  private isHeaderWhole = false;
  /** The first checkpoint that is not written as it should be. */
  private writtenWrong: number | undefined;
  private schemas = schemasIn({}, CONFIG_LOG);
  private isFirst = true;

  async take(line: Buffer): Promise<void> {
    const text = utf8(line);
    const parsed = parseJson(text);
    if (this.isFirst) {
      this.isFirst = false;
      this.takeHeader(text, parsed);
    } else if (Value.Check(EventLine, parsed)) await this.takeEvent(line, text, fromBase64(parsed.record));
    else if (Value.Check(CheckpointLine, parsed)) this.takeCheckpoint(text, parsed);
    else if (this.isPastEvents()) this.checkpoints.push({ note: text });
    else this.events.add(line, undefined);
  }

  headerProblem(keys: readonly NoteKey[]): Problem | undefined {
    const { header } = this;
    if (header === undefined || !this.isHeaderWhole)
      return exportProblem(`line 1 is not the header of an export (${FORMATS}), or was altered`);
    if (!kindOf(header).isNamed(header.origin))
      return exportProblem(
        `its header says that it is of the ${kindOf(header).log.name}; its name says otherwise`,
      );
    const stranger = header.public_keys.find((text) => keys.every((key) => key.text !== text));
    if (stranger !== undefined)
      return exportProblem(`its header names a key that is not believed: ${stranger}`);
    if (keys.every((key) => key.name !== header.origin))
      return exportProblem(`its header names another log than the keys: ${header.origin}`);
    return undefined;
  }

  /** What is wrong where no event is. */
  restProblem(keys: readonly NoteKey[], { signedSize }: Verification): Problem | undefined {
    const { size } = this.events;
    if (this.writtenWrong !== undefined)
      return {
        kind: 'checkpoint',
        sequence: null,
        upTo: null,
        message: `the line of the ${this.writtenWrong}. checkpoint was altered`,
      };
    if (size > signedSize)
      return {
        kind: 'inserted',
        sequence: signedSize + 1,
        upTo: signedSize + 1,
        message: `event ${signedSize + 1} is covered by no checkpoint: it was inserted, or a checkpoint was removed`,
      };
    if (size !== this.header?.size)
      return exportProblem(`its header says ${this.header?.size} events; there are ${size}`);
    const last = openCheckpoint(this.checkpoints.at(-1)?.note ?? '', keys);
    const unsigned = [...this.fingerprints.keys()].find(
      (id) => last.kind !== 'signed' || !last.checkpoint.schemas.has(id),
    );
    return unsigned === undefined || size === 0
      ? undefined
      : {
          kind: 'schema',
          sequence: null,
          upTo: null,
          message: `schema ${unsigned} is covered by no checkpoint`,
        };
  }

  private takeHeader(text: string, parsed: unknown): void {
    if (!Value.Check(Header, parsed)) return;
    this.header = parsed;
    const { format, origin, public_keys: publicKeys, size } = parsed;
    const schemas = Object.entries(parsed.schemas).map(
      ([id, schema]) => [Number(id), JSON.stringify(schema)] as const,
    );
    this.isHeaderWhole = text === `${headerLine({ format, origin, publicKeys, size, schemas })}\n`;
    for (const [id, canonical] of schemas) this.fingerprints.set(id, hash('sha256', canonical, 'buffer'));
    this.schemas = schemasIn(Object.fromEntries(schemas), kindOf(parsed).log);
  }

  private async takeEvent(line: Buffer, text: string, record: Buffer | undefined): Promise<void> {
    if (record === undefined) return this.events.add(line, undefined);
    await this.schemas.prepare([record]);
    const read = this.schemas.read(record, this.events.size + 1);
    this.events.add(record, read);
    const expected = eventLine(record, read?.sequence ?? null, read?.value ?? null);
    if (text !== `${expected}\n`) this.shownWrong ??= this.events.size;
  }

  private takeCheckpoint(text: string, parsed: Static<typeof CheckpointLine>): void {
    const { checkpoint: note, first_leaf: first } = parsed;
    const leaves = { first, hashes: fromBase64(parsed.leaf_hashes) ?? Buffer.alloc(0) };
    this.checkpoints.push({ note, leaves });
    if (text !== `${checkpointLine(note, leaves)}\n`) this.writtenWrong ??= this.checkpoints.length;
  }

  private isPastEvents(): boolean {
    return this.checkpoints.length > 0 || this.events.size >= (this.header?.size ?? 0);
  }
}

function eventProblem({ shownWrong }: ExportReader, { problem }: Verification): Problem | undefined {
  if (shownWrong === undefined || problem?.kind === 'schema') return problem;
  if (problem !== undefined && problem.sequence !== null && problem.sequence <= shownWrong) return problem;
  const message = `event ${shownWrong} was altered: what is shown of it is not what its bytes say`;
  return { kind: 'altered', sequence: shownWrong, upTo: shownWrong, message };
}

const exportProblem = (message: string): Problem => ({ kind: 'export', sequence: null, upTo: null, message });

const schemasIn = (texts: Readonly<Record<string, string>>, of: SignedLog): WriterSchemas =>
  new WriterSchemas(
    {
      async schema(id) {
        const text = Object.hasOwn(texts, id) ? texts[id] : undefined;
        if (text === undefined) throw new SerdeError('UNKNOWN_SCHEMA', `id ${id}`);
        return text;
      },
    },
    of,
  );

/** Empty for what is none: no line is. */
function utf8(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return '';
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
