import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./generate-config-kinds.mjs', import.meta.url));

test('the table of configuration kinds is current', async () => {
  await promisify(execFile)(process.execPath, [SCRIPT, '--check']);
});
