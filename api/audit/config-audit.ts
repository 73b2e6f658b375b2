import type { ConfigProjection, MerkleTree, NoteKey, Verification } from '../../config/index.ts';
import type { ConfigEvent } from '../../schemas/index.ts';
import { type Log, type Serde, SerdeError, type StoredRecord } from '../../streams/index.ts';
import {
  CheckpointError,
  type Checkpointer,
  CONFIG_TOPICS,
  decode,
  readCheckpoints,
  type SignedCheckpoint,
  verifyStoredLog,
} from '../../topologies/config/index.ts';
import type { ConfigExport, ExportedEvent } from './formats/export.ts';

export interface ConfigAuditOptions {
  readonly log: Pick<Log, 'read'>;
  readonly checkpointer: Checkpointer;
  /** What has been applied here is in everything that is asked for afterwards. */
  readonly projection: Pick<ConfigProjection, 'version'>;
  readonly serde: Serde<ConfigEvent>;
}

/** What an auditor may ask of the config log. */
export class ConfigAudit {
  private readonly options: ConfigAuditOptions;
  private verifying: Promise<Verification> | undefined;

  constructor(options: ConfigAuditOptions) {
    this.options = options;
  }

  /** The tree of the events as this process read them. */
  async tree(): Promise<MerkleTree> {
    const { checkpointer, projection } = this.options;
    await checkpointer.whenRead(projection.version);
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
    this.verifying ??= verifyStoredLog({ log, schemas: checkpointer.schemas, keys: this.keys }).finally(
      () => {
        this.verifying = undefined;
      },
    );
    return this.verifying;
  }

  /** The log as it stands, under a checkpoint made for the purpose, so that no event of it is unsigned. A log that is
   * not what it was gets none, but is exported all the same: it is evidence. */
  async export(): Promise<ConfigExport> {
    const { checkpointer, projection } = this.options;
    await checkpointer.whenRead(projection.version);
    const isAtFault = await checkpointer.checkpointNow().then(
      () => false,
      (error: unknown) => {
        if (error instanceof CheckpointError) return true;
        throw error;
      },
    );
    const { events, schemas } = checkpointer;
    const all = await readCheckpoints(this.options.log);
    // Another process may be ahead of this one.
    const checkpoints = isAtFault ? all : all.filter((each) => !(each.size > events.size));
    const size = isAtFault ? events.size : Math.max(0, ...checkpoints.map((each) => each.size || 0));
    const ids = [...events.headAt(size).schemas.keys()].sort((a, b) => a - b);
    const used = await Promise.all(ids.map((id) => schemas.schema(id)));
    return {
      origin: checkpointer.keys[0]?.name ?? '',
      publicKeys: this.keys.map((key) => key.text),
      size,
      schemas: used.filter((schema) => schema !== undefined),
      checkpoints,
      events: () => this.events(size),
    };
  }

  private async *events(size: number): AsyncIterable<readonly ExportedEvent[]> {
    let left = size;
    for await (const records of this.options.log.read({
      topic: CONFIG_TOPICS.events,
      partition: 0,
      from: 0,
    })) {
      if (left === 0) return;
      const wanted = records.slice(0, left);
      left -= wanted.length;
      yield await Promise.all(wanted.map((record) => this.exported(record)));
    }
  }

  private async exported({ value }: StoredRecord): Promise<ExportedEvent> {
    const { checkpointer, serde } = this.options;
    const record = value ?? Buffer.alloc(0);
    const event = await decode(serde, record).catch((error: unknown) => {
      if (error instanceof SerdeError && error.code !== 'REGISTRY_UNAVAILABLE') return undefined;
      throw error;
    });
    return { record, read: checkpointer.schemas.read(record), event };
  }
}
