import { InvalidAvroSchema, type NamedTypes, parseAvro } from './avro/parse.ts';
import { printAvro } from './avro/print.ts';
import type { AvroType } from './avro/schema.ts';
import type { CompatibilityLevel } from './levels.ts';
import type { Config, Mode, RegistryRecord, SchemaReference, SchemaVersion } from './records.ts';

export interface ReadSchema {
  readonly type: AvroType;
  /** One text for all ways to write it (see `printAvro`), */
  readonly canonical: string;
  /** that text without the order of extra attributes, */
  readonly normalized: string;
  /** and with the types it refers to written out. */
  readonly selfContained: string;
}

interface Deleted {
  /** Also what was deleted softly. */
  readonly deleted?: boolean | undefined;
}

/** The registry's state: a fold over the records of `_schemas`, in memory, and the questions to it. */
export class SchemaStore {
  readonly #defaultLevel: CompatibilityLevel;
  readonly #subjects = new Map<string, Map<number, SchemaVersion>>();
  readonly #configs = new Map<string | undefined, Config>();
  readonly #modes = new Map<string | undefined, Mode>();
  readonly #read = new WeakMap<SchemaVersion, ReadSchema | undefined>();
  #highestId = 0;

  constructor(defaultLevel: CompatibilityLevel) {
    this.#defaultLevel = defaultLevel;
  }

  apply(record: RegistryRecord): void {
    switch (record.kind) {
      case 'SCHEMA':
        this.#applySchema(record.subject, record.version, record.value);
        break;
      case 'CONFIG':
        put(this.#configs, record.subject, record.value);
        break;
      case 'MODE':
        put(this.#modes, record.subject, record.value);
        break;
      case 'DELETE_SUBJECT':
        for (const version of this.versions(record.subject))
          if (version.version <= record.version)
            this.#applySchema(version.subject, version.version, { ...version, deleted: true });
    }
  }

  #applySchema(subject: string, version: number, value: SchemaVersion | null): void {
    const versions = this.#subjects.get(subject) ?? new Map<number, SchemaVersion>();
    put(versions, version, value);
    put(this.#subjects, subject, versions.size === 0 ? null : versions);
    this.#highestId = Math.max(this.#highestId, value?.id ?? 0);
  }

  get nextId(): number {
    return this.#highestId + 1;
  }

  /** In alphabetical order. */
  subjects(options: Deleted = {}): readonly string[] {
    return [...this.#subjects.keys()].filter((subject) => this.versions(subject, options).length > 0).sort();
  }

  /** Of a subject, oldest first. */
  versions(subject: string, { deleted = false }: Deleted = {}): readonly SchemaVersion[] {
    return [...(this.#subjects.get(subject)?.values() ?? [])]
      .filter((version) => deleted || !version.deleted)
      .sort((a, b) => a.version - b.version);
  }

  version(subject: string, version: number, { deleted = false }: Deleted = {}): SchemaVersion | undefined {
    const found = this.#subjects.get(subject)?.get(version);
    return found?.deleted && !deleted ? undefined : found;
  }

  /** Of all subjects. */
  allVersions(options: Deleted = {}): readonly SchemaVersion[] {
    return this.subjects(options).flatMap((subject) => this.versions(subject, options));
  }

  /** Versions of any subject that hold the schema of this id. */
  versionsOfId(id: number, options: Deleted = {}): readonly SchemaVersion[] {
    return this.allVersions(options).filter((version) => version.id === id);
  }

  /** Versions that refer to this one. */
  referrers(target: SchemaVersion, options: Deleted = {}): readonly SchemaVersion[] {
    return this.allVersions(options).filter(({ references }) =>
      references.some(({ subject, version }) => subject === target.subject && version === target.version),
    );
  }

  /** The setting of the subject itself, or without a subject the global one. */
  config(subject?: string): Config | undefined {
    const config = this.#configs.get(subject);
    if (subject !== undefined) return config;
    return { ...config, compatibilityLevel: config?.compatibilityLevel ?? this.#defaultLevel };
  }

  /** The setting that applies to the subject. */
  configInScope(subject: string): { readonly level: CompatibilityLevel; readonly normalize: boolean } {
    const [own, global] = [this.#configs.get(subject), this.#configs.get(undefined)];
    return {
      level: own?.compatibilityLevel ?? global?.compatibilityLevel ?? this.#defaultLevel,
      normalize: own?.normalize ?? global?.normalize ?? false,
    };
  }

  mode(subject?: string): Mode | undefined {
    return this.#modes.get(subject) ?? (subject === undefined ? 'READWRITE' : undefined);
  }

  modeInScope(subject: string): Mode {
    return this.#modes.get(subject) ?? this.#modes.get(undefined) ?? 'READWRITE';
  }

  /** A stored version as Avro; `undefined` when it is none (another type, or written by others and unreadable). */
  read(version: SchemaVersion): ReadSchema | undefined {
    if (!this.#read.has(version)) this.#read.set(version, this.#tryRead(version));
    return this.#read.get(version);
  }

  #tryRead({ schemaType, schema, references }: SchemaVersion): ReadSchema | undefined {
    if (schemaType !== 'AVRO') return undefined;
    try {
      return this.parse(schema, references);
    } catch (error) {
      if (error instanceof InvalidAvroSchema) return undefined;
      throw error;
    }
  }

  /** Throws `InvalidAvroSchema`. */
  parse(schema: string, references: readonly SchemaReference[]): ReadSchema {
    const referenced = this.#resolve(references, new Map(), new Set());
    try {
      const { type } = parseAvro(schema, referenced);
      return {
        type,
        canonical: printAvro(type, { known: referenced.keys() }),
        normalized: printAvro(type, { known: referenced.keys(), normalize: true }),
        selfContained: printAvro(type, { normalize: true }),
      };
    } catch (error) {
      // The end of the stack: types have a limit of their own, defaults and extra attributes do not.
      if (error instanceof RangeError) throw new InvalidAvroSchema('the schema is nested too deeply');
      throw error;
    }
  }

  /** The types of the schemas referred to, and of those they refer to, each once. */
  #resolve(references: readonly SchemaReference[], known: NamedTypes, seen: Set<string>): NamedTypes {
    let named = known;
    for (const { subject, version } of references) {
      const key = JSON.stringify([subject, version]);
      if (seen.has(key)) continue;
      seen.add(key);
      // A reference outlives the soft deletion of what it refers to.
      const target = this.version(subject, version, { deleted: true });
      if (target === undefined)
        throw new InvalidAvroSchema(`there is no version ${version} of subject "${subject}" to refer to`);
      named = parseAvro(target.schema, this.#resolve(target.references, named, seen)).named;
    }
    return named;
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
