// What datafly.js costs a page: time on the main thread from load until its first page view has been answered, in
// Chromium with the CPU slowed to a quarter. On two pages, because who uses a part of the browser first pays for
// making it: a blank one, where that is always the collector, and one whose own script has used what every site's
// does (localStorage, cookies, one request, timers, listeners). Beside it, on both, a script of three lines that does
// no more than any collector must, one look into localStorage and one request: that much is the browser's.
// The figures need a machine with nothing else to do: Chromium slows a thread by the clock on the wall, so that the
// time it waits for a core is counted three times over. Compare what is printed by one run, never two.
// npm run bench:collector [-- runs, default 25 [slowdown, default 4]]
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import {
  CollectorScripts,
  DEFAULT_COLLECTOR_SETTINGS,
  MODULES,
  readPieces,
} from '../dist/collector/index.js';

const RUNS = Math.max(20, Number(process.argv[2]) || 25);
const CPU_SLOWDOWN = Number(process.argv[3]) || 4;
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
const SITE = `const seen = Number(localStorage.getItem('seen')) + 1;
localStorage.setItem('seen', seen);
document.cookie = 'seen=' + seen;
const cookies = new Map(document.cookie.split('; ').map((cookie) => cookie.split('=')));
addEventListener('scroll', () => {}, { passive: true });
const late = setTimeout(() => {}, 5000);
setTimeout(() => clearTimeout(late));
const body = JSON.stringify({ page: new URL(location.href).pathname, seen: cookies.get('seen'), at: new Date().toISOString() });
fetch('/api', { method: 'POST', credentials: 'include', body })
  .then((answer) => answer.json())
  .then(({ user }) => {
    document.body.dataset.user = user;
    addEventListener('next', () => {
      const tag = document.createElement('script');
      tag.src = '/d.js';
      tag.dataset.pipelineKey = 'dk_test_bench';
      document.head.append(tag);
    });
    setTimeout(() => dispatchEvent(new Event('next')), 50);
  });`;
const core = scripts.of(DEFAULT_COLLECTOR_SETTINGS);
const all = scripts.of(everything);
const BLANK = 'a blank page';
const USED = 'a page with a script of its own';
// What /d.js answers, and then the script that a loader asks for.
const candidates = [
  { page: BLANK, name: 'three lines', text: FLOOR },
  { page: BLANK, name: 'nothing switched on', text: core.text },
  { page: USED, name: 'three lines', text: FLOOR },
  { page: USED, name: 'nothing switched on', text: core.text },
  { page: USED, name: 'nothing switched on, by the loader', text: scripts.loader(core), script: core },
  { page: USED, name: 'every module, and the TCF', text: all.text },
];

let candidate = candidates[0];
let answered = () => {};
const server = createServer((request, response) => {
  const cors = {
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
  };
  if (request.url === '/d.js')
    return response.writeHead(200, { 'content-type': 'text/javascript' }).end(candidate.text);
  if (candidate.script && request.url.startsWith(candidate.script.path))
    return response.writeHead(200, { ...cors, 'content-type': 'text/javascript' }).end(candidate.script.text);
  if (request.url === '/api') {
    request.resume();
    return response.writeHead(200, { 'content-type': 'application/json' }).end('{"user":"u1"}');
  }
  if (request.url === '/v1/batch') {
    request.resume();
    response.writeHead(200, { ...cors, 'content-type': 'application/json' });
    return response.end('{"success":true,"anonymousId":"df_bench"}', () => answered());
  }
  const tag =
    candidate.page === USED
      ? `<script>addEventListener('DOMContentLoaded', () => {${SITE}})</script>`
      : '<script async src="/d.js" data-pipeline-key="dk_test_bench"></script>';
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
    // No more than names the spans: a trace takes time too, and that is counted here.
    traceConfig: { includedCategories: ['devtools.timeline'] },
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
  const isOurs = ({ args }) => /\/d(\.js$|\/)/.test(Object(args.data).url || args.fileName);
  const first = events.find((event) => event.name === 'EvaluateScript' && isOurs(event));
  if (!first) throw new Error('the trace has no script of ours in it');
  const spans = events
    .filter(({ pid, tid, tdur }) => pid === first.pid && tid === first.tid && tdur)
    // Continuations of promises have no address; the page has no others from here on.
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

// Of before: Chromium itself is a load.
const [load = 0] = loadavg();
const times = new Map(candidates.map((each) => [each, []]));
const median = (each) => times.get(each).sort((a, b) => a - b)[RUNS >> 1];
try {
  // In turns, so that what the machine does meanwhile happens to all.
  for (let run = 0; run <= RUNS; run++) {
    for (candidate of candidates) {
      const time = await visit();
      if (run > 0) times.get(candidate).push(time); // the first is the browser's own first time
    }
  }
  console.log(
    `median of ${RUNS} first visits, main thread, CPU slowed ${CPU_SLOWDOWN}×; budget ${BUDGET_MS} ms`,
  );
  if (load > availableParallelism())
    console.log(`the machine was busy (load ${load.toFixed(0)}), so these are too high`);
  for (const page of [BLANK, USED]) {
    console.log(`on ${page}`);
    const shown = candidates.filter((each) => each.page === page);
    const [floor] = shown;
    for (const each of shown) {
      const own = each === floor ? '' : `  (${(median(each) - median(floor)).toFixed(2)} above three lines)`;
      console.log(`${median(each).toFixed(2).padStart(8)} ms  ${each.name}${own}`);
    }
  }
} finally {
  await browser.close();
  server.close();
}
