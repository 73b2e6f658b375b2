import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Class path of Avro for Java, if `scripts/setup-schema-clients.sh` fetched it. */
export function avroJars(): string | undefined {
  const kafka = join(ROOT, '.kafka');
  const directory = existsSync(kafka) && readdirSync(kafka).find((name) => /^avro-\d+$/.test(name));
  return directory ? join(kafka, directory, '*') : undefined;
}

/** The Python that has Confluent's client, if the same script made it. */
export function pythonWithClient(): string | undefined {
  const venv = join(ROOT, '.venv');
  const isMade = existsSync(venv) && readdirSync(venv).some((name) => name.startsWith('made-from-'));
  return isMade ? join(venv, 'bin/python') : undefined;
}

/** Whether tests that need the tool must be skipped, said aloud. In CI nothing is skipped. */
export function isMissing(tool: string | undefined, what: string): boolean {
  if (tool !== undefined) return false;
  const message = `${what} is not there: run scripts/setup-schema-clients.sh`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`SKIPPED: ${message}`);
  return true;
}
