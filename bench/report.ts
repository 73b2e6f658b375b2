import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The figures of one run: shown as they come, then as a table, and kept as JSON in `bench/results/`. */
export class Report {
  readonly #name: string;
  readonly #figures: Figure[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  add(name: string, value: number, unit: string): void {
    this.#figures.push({ name, value, unit });
    process.stderr.write(`${name}: ${format(value)} ${unit}\n`);
  }

  finish(): void {
    const width = Math.max(...this.#figures.map(({ name }) => name.length));
    for (const { name, value, unit } of this.#figures) {
      console.log(`${name.padEnd(width)}  ${format(value).padStart(9)} ${unit}`);
    }
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
    const result = { date: new Date().toISOString(), machine, figures: this.#figures };
    mkdirSync('bench/results', { recursive: true });
    writeFileSync(`bench/results/${this.#name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  }
}

const format = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
