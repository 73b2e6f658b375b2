// What datafly.js costs a page: time on the main thread from load until its first page view has been answered, in
// Chromium with the CPU slowed to a quarter. Beside it, what the same page pays for a script of three lines that does
// no more than any collector must, one look into localStorage and one request: that much is the browser's.
// The figures need a machine with nothing else to do; the difference bears some company.
// npm run bench:collector [-- runs, default 25]
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import {
  CollectorScripts,
  DEFAULT_COLLECTOR_SETTINGS,
  MODULES,
  readPieces,
} from '../dist/collector/index.js';

const RUNS = Math.max(20, Number(process.argv[2]) || 25);
const CPU_SLOWDOWN = 4;
const BUDGET_MS = 5;

const COUNTED = new Set(['EvaluateScript', 'v8.compile', 'FunctionCall']);

const scripts = new CollectorScripts(
  readPieces(fileURLToPath(new URL('../dist/collector/pieces', import.meta.url))),
);
const FLOOR = `localStorage.getItem('a');
setTimeout(() => fetch('/v1/batch', { method: 'POST', body: '{}' }).then((answer) => answer.json()), 1000);`;
const everything = {
  ...DEFAULT_COLLECTOR_SETTINGS,
  modules: MODULES,
  consent: { platform: 'tcf', queueUntilKnown: false, custom: null },
};
const candidates = {
  'three lines': FLOOR,
  'nothing switched on': scripts.of(DEFAULT_COLLECTOR_SETTINGS).text,
  'every module, and the TCF': scripts.of(everything).text,
};

let script = '';
let answered = () => {};
const server = createServer((request, response) => {
  const cors = {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
  };
  if (request.url === '/d.js')
    return response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  if (request.url === '/v1/batch') {
    request.resume();
    response.writeHead(200, { ...cors, 'content-type': 'application/json' });
    return response.end('{"success":true,"anonymousId":"df_bench"}', () => answered());
  }
  const tag = '<script async src="/d.js" data-pipeline-key="dk_test_bench"></script>';
  const text = '<p>Some text, as pages have it.</p>'.repeat(200);
  response.writeHead(200, { 'content-type': 'text/html' });
  return response.end(
    `<!doctype html><html><head><title>Bench</title>${tag}</head><body>${text}</body></html>`,
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${server.address().port}`;

const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu'],
});

/** Milliseconds on the main thread of one first visit. */
async function visit() {
  const context = await browser.newContext();
  const page = await context.newPage();
  const page$ = await context.newCDPSession(page);
  const browser$ = await browser.newBrowserCDPSession();
  await page$.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  const events = [];
  browser$.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const ended = new Promise((resolve) => browser$.once('Tracing.tracingComplete', resolve));
  await browser$.send('Tracing.start', {
    traceConfig: { includedCategories: ['devtools.timeline', 'v8', 'disabled-by-default-v8.compile'] },
  });
  const answer = new Promise((resolve) => {
    answered = resolve;
  });
  await page.goto(`${origin}/`);
  await answer;
  await new Promise((resolve) => setTimeout(resolve, 150)); // the page reads the answer
  await browser$.send('Tracing.end');
  await ended;
  await context.close();
  return mainThread(events);
}

/**
 * The union of what is ours on the thread that ran the script, since calls nest in one another. By the thread's own
 * clock, which does not run while the machine is busy with something else.
 */
function mainThread(events) {
  const isOurs = ({ args }) => Object(args.data).url?.endsWith('/d.js') || args.fileName?.endsWith('/d.js');
  const first = events.find((event) => event.name === 'EvaluateScript' && isOurs(event));
  if (!first) throw new Error('the trace has no script of ours in it');
  const spans = events
    .filter(({ pid, tid, tdur }) => pid === first.pid && tid === first.tid && tdur)
    // Continuations of promises have no address; the page has no others.
    .filter(
      (event) =>
        (COUNTED.has(event.name) && isOurs(event)) || (event.name === 'RunMicrotasks' && event.ts > first.ts),
    )
    .sort((a, b) => a.tts - b.tts);
  let total = 0;
  let until = 0;
  for (const { tts, tdur } of spans) {
    total += Math.max(0, tts + tdur - Math.max(tts, until));
    until = Math.max(until, tts + tdur);
  }
  return total / 1_000;
}

try {
  const times = new Map(Object.keys(candidates).map((name) => [name, []]));
  // In turns, so that what the machine does meanwhile happens to all.
  for (let run = 0; run <= RUNS; run++) {
    for (const [name, text] of Object.entries(candidates)) {
      script = text;
      const time = await visit();
      if (run > 0) times.get(name).push(time); // the first is the browser's own first time
    }
  }
  const median = (name) => times.get(name).sort((a, b) => a - b)[RUNS >> 1];
  console.log(`median of ${RUNS} first visits, CPU slowed ${CPU_SLOWDOWN}×, budget ${BUDGET_MS} ms`);
  for (const name of times.keys()) console.log(`${median(name).toFixed(2)} ms  ${name}`);
  const own = median('nothing switched on') - median('three lines');
  console.log(`${own.toFixed(2)} ms  of it the collector's own, with nothing switched on`);
} finally {
  await browser.close();
  server.close();
}
