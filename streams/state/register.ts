import type { Register } from '../processor.ts';
import type { Change, Journal } from './journal.ts';
import type { Codec, StateReader } from './state-reader.ts';

/** The name under which a task keeps its registers (`ProcessorContext.register`). */
export const REGISTERS = 'registers';

/** The name of a register that belongs to a store. */
export const storeRegister = (store: string, name: string): string => `${store}/${name}`;

export const registerCodec: Codec<number> = {
  encode(value) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  },
  decode: (bytes) => bytes.readDoubleBE(0),
};

/** A store's register as committed; -1 if it never was. */
export async function committedRegister(reader: StateReader, store: string, name: string): Promise<number> {
  const [value] = await reader.getMany(REGISTERS, [Buffer.from(storeRegister(store, name))]);
  return value === null || value === undefined ? -1 : registerCodec.decode(value);
}

/** A number committed with its task. */
export class TaskRegister implements Register, Change {
  readonly name: string;
  private readonly journal: Journal;
  private committedValue: number;
  private value: number;
  private before: number;
  private noted = false;

  constructor(name: string, value: number, journal: Journal) {
    this.name = name;
    this.value = value;
    this.before = value;
    this.committedValue = value;
    this.journal = journal;
  }

  get(): number {
    return this.value;
  }

  set(value: number): void {
    if (value === this.value) return;
    if (!this.noted) {
      this.noted = true;
      this.before = this.value;
      this.journal.note(this);
    }
    this.value = value;
  }

  undo(): void {
    this.value = this.before;
    this.noted = false;
  }

  keep(): void {
    this.noted = false;
  }

  get changed(): boolean {
    return this.value !== this.committedValue;
  }

  committed(): void {
    this.committedValue = this.value;
  }
}
