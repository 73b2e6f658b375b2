import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const VENV = fileURLToPath(new URL('../../.venv-api', import.meta.url));

const isMade = existsSync(VENV) && readdirSync(VENV).some((name) => name.startsWith('made-from-'));

/** Path of the program, if `scripts/setup-api-tests.sh` fetched it. */
export const SCHEMATHESIS = isMade ? `${VENV}/bin/schemathesis` : undefined;

/** A `describe` for tests that need schemathesis: skipped, with a word about it, where it is not there. In CI nothing
 * is skipped. */
export function describeWithSchemathesis(name: string, body: () => void): void {
  const message = 'schemathesis is not there: run scripts/setup-api-tests.sh';
  if (SCHEMATHESIS === undefined && process.env.CI === 'true') throw new Error(message);
  if (SCHEMATHESIS === undefined) console.warn(`SKIPPED: ${message}`);
  describe.skipIf(SCHEMATHESIS === undefined)(name, body);
}
