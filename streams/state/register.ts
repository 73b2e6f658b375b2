import type { Register } from '../processor.ts';
import type { Change, Journal } from './journal.ts';
import type { Codec } from './state-reader.ts';

export const registerCodec: Codec<number> = {
  encode(value) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(value);
    return bytes;
  },
  decode: (bytes) => bytes.readDoubleBE(0),
};

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
