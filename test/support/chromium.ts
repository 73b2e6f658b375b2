// A real Chromium for the tests that need one. Nothing is installed from here: Debian and Ubuntu have it as the
// package `chromium`; elsewhere CHROMIUM_PATH names the program.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

const USUAL_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const MISSING = 'no Chromium here: install the package `chromium`, or set CHROMIUM_PATH';

/** For what hangs: a page on a busy machine is given this long for each step. */
const PATIENCE_MS = 120_000;

const FLAGS = [
  '--no-sandbox', // containers run as root and without user namespaces
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Undefined where there is none. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...USUAL_PATHS].find((path) => path && existsSync(path));
}

export interface ChromiumOptions {
  /** Further switches. */
  readonly args?: readonly string[];
  /** Switches that Playwright sets, to be left out. */
  readonly ignoreDefaultArgs?: readonly string[];
}

/** Headless, with a profile of its own; whoever launches it closes it. */
export async function launchChromium({
  args = [],
  ignoreDefaultArgs = [],
}: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error(MISSING);
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    timeout: PATIENCE_MS,
    args: [...FLAGS, ...args],
    ignoreDefaultArgs: [...ignoreDefaultArgs],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}

/** `describe`, skipped where there is no Chromium and said so; in CI it fails instead. */
export function describeInChromium(name: string, tests: () => void): void {
  const mayRun = chromiumPath() !== undefined || process.env.CI === 'true';
  if (!mayRun) console.warn(`SKIPPED ${name}: ${MISSING}`);
  describe.skipIf(!mayRun)(name, tests);
}
