/** The part of rocksdb-native that the embedded log uses; the package ships no types. */
declare module 'rocksdb-native' {
  interface Range {
    readonly gte?: Buffer;
    readonly lt?: Buffer;
    readonly lte?: Buffer;
    readonly reverse?: boolean;
    readonly limit?: number;
    /** Entries per call into the library. */
    readonly capacity?: number;
    /** `false` leaves values out (null). */
    readonly values?: boolean;
  }

  interface WriteBatch {
    tryPut(key: Buffer, value: Buffer): void;
    tryDelete(key: Buffer): void;
    tryDeleteRange(start: Buffer, end: Buffer): void;
    flush(): Promise<void>;
    destroy(): void;
  }

  interface ReadBatch {
    get(key: Buffer): Promise<Buffer | null>;
    flush(): Promise<void>;
    destroy(): void;
  }

  interface WalFile {
    /** Relative to the database's directory, with a leading slash. */
    readonly path: string;
    readonly number: number;
  }

  class RocksDB {
    constructor(path: string, options?: Record<string, unknown>);
    ready(): Promise<void>;
    close(): Promise<void>;
    get(key: Buffer): Promise<Buffer | null>;
    write(options?: { readonly capacity?: number; readonly autoDestroy?: boolean }): WriteBatch;
    read(options?: { readonly capacity?: number; readonly autoDestroy?: boolean }): ReadBatch;
    iterator(range: Range): AsyncIterable<{ readonly key: Buffer; readonly value: Buffer }>;
    /** Writes what is in memory to table files, which lets go of the write-ahead log files before. */
    flush(): Promise<void>;
    compactRange(
      start: Buffer,
      end: Buffer,
      /** `2`: also what lies at the bottom already. */
      options?: { readonly bottommostLevelCompaction?: 0 | 1 | 2 },
    ): Promise<void>;
    currentWalFile(): Promise<WalFile>;
    approximateSize(
      start: Buffer,
      end: Buffer,
      options?: { readonly includeMemtables?: boolean; readonly includeFiles?: boolean },
    ): Promise<number>;
  }

  export default RocksDB;
}
