import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { avroJars, isMissing } from './tools.ts';

const PROGRAM = fileURLToPath(new URL('./AvroOracle.java', import.meta.url));

export const withoutOracle = isMissing(avroJars(), 'Avro for Java');

/** What Avro's Java library answers, one by one. A question it fails at has an `error` for answer. */
export async function askAvroJava(questions: readonly object[]): Promise<readonly unknown[]> {
  const java = spawn('java', ['-XX:TieredStopAtLevel=1', '-cp', avroJars() ?? '', PROGRAM]);
  java.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const [output, errors, [status]] = await Promise.all([
    text(java.stdout),
    text(java.stderr),
    once(java, 'exit'),
  ]);
  if (status !== 0) throw new Error(`AvroOracle.java failed: ${errors}`);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
