// The README's test command. Files that failed are run once more by themselves, and named: on a machine that is busy
// with something else a deadline can pass, but what is wrong fails again. Closes with the line of counts. Names of test
// files, if given, are all that is run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

/** So many and more are no accident. */
const MANY = 6;

const reports = mkdtempSync(join(tmpdir(), 'signal-ci-'));

/** Result by file, and whether the command itself was content. */
function run(name, files) {
  const report = join(reports, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync('npm', ['test', '--silent', '--', ...reporters, ...files], {
    stdio: 'inherit',
  });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return { isGood: status === 0, byFile: new Map(testResults.map((file) => [file.name, file])) };
}

/** Found by chance, but true: the next run may not find it again. */
function hasCounterexample({ assertionResults }) {
  return assertionResults.some(({ failureMessages }) =>
    failureMessages.some((message) => message.includes('Property failed')),
  );
}

const first = run('first', process.argv.slice(2));
const results = new Map(first.byFile);
let { isGood } = first;
const failed = [...first.byFile.values()].filter(({ status }) => status === 'failed');
const again = failed
  .filter((file) => !hasCounterexample(file))
  .map(({ name }) => relative(process.cwd(), name));
if (again.length > 0 && again.length < MANY) {
  console.log(`\n== failed, and run once more by themselves: ${again.join(', ')}`);
  const second = run('second', again);
  isGood = second.isGood && again.length === failed.length;
  for (const [name, file] of second.byFile) results.set(name, file);
  const passed = again.filter((name) => results.get(resolve(name))?.status === 'passed');
  if (passed.length > 0) console.log(`\nFAILED AT FIRST, PASSED ALONE: ${passed.join(', ')}`);
}

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { status, assertionResults } of results.values()) {
  if (status === 'failed' && assertionResults.length === 0) counts.failed++;
  for (const test of assertionResults) {
    if (test.status === 'passed' || test.status === 'failed') counts[test.status]++;
    else counts.skipped++;
  }
}
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(isGood && counts.failed === 0 ? 0 : 1);
