import type { ConfigProjection, MerkleTree, NoteKey, Verification } from '../../config/index.ts';
import type { AccessRecord, ConfigEvent } from '../../schemas/index.ts';
import { type Log, type Serde, SerdeError, type StoredRecord } from '../../streams/index.ts';
import {
  CheckpointError,
  type Checkpointer,
  decode,
  readCheckpoints,
  type SignedCheckpoint,
  verifyStoredLog,
} from '../../topologies/config/index.ts';
import type { AccessLog } from '../access/index.ts';
import { AUDITED_ACCESS, AUDITED_CONFIG } from './audited-logs.ts';
import type { AuditedLog, ExportedEvent, LogExport } from './formats/export.ts';

export interface LogAuditOptions<E> {
  readonly of: AuditedLog<E>;
  readonly log: Pick<Log, 'read'>;
  readonly checkpointer: Checkpointer;
  /** Resolves when the checkpointer has read what must be in everything that is asked for from now on. */
  readonly whenRead: () => Promise<void>;
  readonly serde: Serde<E>;
}

/** What an auditor may ask of a log that is signed. */
export class LogAudit<E> {
  readonly of: AuditedLog<E>;
  private readonly options: LogAuditOptions<E>;
  private verifying: Promise<Verification> | undefined;

  constructor(options: LogAuditOptions<E>) {
    this.options = options;
    this.of = options.of;
  }

  /** The tree of the events as this process read them. */
  async tree(): Promise<MerkleTree> {
    const { checkpointer, whenRead } = this.options;
    await whenRead();
    return checkpointer.events.tree;
  }

  /** Of the keys that sign, or signed, this log: the present one first. */
  get keys(): readonly NoteKey[] {
    return this.options.checkpointer.keys;
  }

  /** All that one of the keys has signed, oldest first. */
  checkpoints(): Promise<readonly SignedCheckpoint[]> {
    return this.options.checkpointer.signed();
  }

  /** Verifies what is stored, from the first event on; who asks meanwhile gets the same answer. */
  verify(): Promise<Verification> {
    const { log, checkpointer } = this.options;
    this.verifying ??= verifyStoredLog({
      of: this.of.log,
      log,
      schemas: checkpointer.schemas,
      keys: this.keys,
    }).finally(() => {
      this.verifying = undefined;
    });
    return this.verifying;
  }

  /** The log as it stands, under a checkpoint made for the purpose, so that no event of it is unsigned. A log that is
   * not what it was gets none, but is exported all the same: it is evidence. */
  async export(): Promise<LogExport<E>> {
    const { checkpointer, whenRead } = this.options;
    await whenRead();
    const isAtFault = await checkpointer.checkpointNow().then(
      () => false,
      (error: unknown) => {
        if (error instanceof CheckpointError) return true;
        throw error;
      },
    );
    const { events, schemas } = checkpointer;
    const all = await readCheckpoints(this.options.log, this.of.log);
    // Another process may be ahead of this one.
    const checkpoints = isAtFault ? all : all.filter((each) => !(each.size > events.size));
    const size = isAtFault ? events.size : Math.max(0, ...checkpoints.map((each) => each.size || 0));
    const ids = [...events.headAt(size).schemas.keys()].sort((a, b) => a - b);
    const used = await Promise.all(ids.map((id) => schemas.schema(id)));
    return {
      of: this.of,
      origin: checkpointer.keys[0]?.name ?? '',
      publicKeys: this.keys.map((key) => key.text),
      size,
      schemas: used.filter((schema) => schema !== undefined),
      checkpoints,
      events: () => this.events(size),
    };
  }

  private async *events(size: number): AsyncIterable<readonly ExportedEvent<E>[]> {
    const topic = { topic: this.of.log.records, partition: 0 };
    let place = 0;
    for await (const records of this.options.log.read({ ...topic, from: 0 })) {
      if (place === size) return;
      const wanted = records.slice(0, size - place);
      const first = place + 1;
      place += wanted.length;
      yield await Promise.all(wanted.map((record, i) => this.exported(record, first + i)));
    }
  }

  private async exported({ value }: StoredRecord, place: number): Promise<ExportedEvent<E>> {
    const { checkpointer, serde } = this.options;
    const record = value ?? Buffer.alloc(0);
    const event = await decode(serde, record).catch((error: unknown) => {
      if (error instanceof SerdeError && error.code !== 'REGISTRY_UNAVAILABLE') return undefined;
      throw error;
    });
    return { record, read: checkpointer.schemas.read(record, place), event };
  }
}

/** `projection`: what is applied there is in everything that is asked for. */
export function configAudit({
  projection,
  ...options
}: Omit<LogAuditOptions<ConfigEvent>, 'of' | 'whenRead'> & {
  readonly projection: Pick<ConfigProjection, 'version'>;
}): LogAudit<ConfigEvent> {
  const whenRead = () => options.checkpointer.whenRead(projection.version);
  return new LogAudit({ ...options, of: AUDITED_CONFIG, whenRead });
}

/** `access`: what this process recorded there is in everything that is asked for. */
export function accessAudit({
  access,
  ...options
}: Omit<LogAuditOptions<AccessRecord>, 'of' | 'whenRead'> & {
  readonly access: Pick<AccessLog, 'end'>;
}): LogAudit<AccessRecord> {
  const whenRead = () => options.checkpointer.whenReadTo(access.end);
  return new LogAudit({ ...options, of: AUDITED_ACCESS, whenRead });
}
