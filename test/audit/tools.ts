import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';

const MADE = join(packageRoot(), '.venv-audit');

/** What `scripts/setup-audit.sh` makes. */
export const PYTHON = join(MADE, 'bin/python');
export const VERIFY_GO = join(MADE, 'bin/verify-go');

/** `describe`, skipped where the script was not run and said so; in CI it fails instead. */
export function describeWithAuditTools(name: string, tests: () => void): void {
  const isMade = existsSync(MADE) && readdirSync(MADE).some((each) => each.startsWith('made-from-'));
  const mayRun = isMade || process.env.CI === 'true';
  if (!mayRun) console.warn(`SKIPPED ${name}: run scripts/setup-audit.sh`);
  describe.skipIf(!mayRun)(name, tests);
}
