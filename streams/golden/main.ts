import { existsSync } from 'node:fs';
import { checkFolder } from './check.ts';

const folder = process.argv[2] ?? 'streams/golden/cases';
const results = existsSync(folder) ? checkFolder(folder) : [];
for (const { name, problems } of results) {
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const problem of problems.slice(0, 10)) console.log(`       ${problem}`);
  if (problems.length > 10) console.log(`       and ${problems.length - 10} more`);
}
const failed = results.filter(({ problems }) => problems.length > 0).length;
console.log(
  results.length === 0
    ? `no cases (*.json) in ${folder}`
    : `${results.length - failed} passed, ${failed} failed`,
);
process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
