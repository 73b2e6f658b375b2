// `npm run fixture:config -- <name>`: stores the log of every kind of event in the shapes they have now, so that a
// test can fold it for ever. To be run when a shape changes, never to replace what an earlier one wrote.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_EVENT_SCHEMA } from '../../schemas/index.ts';
import { EVERY_KIND } from './every-kind.ts';
import { given } from './given.ts';
import { factsOf } from './plain.ts';
import { FIXTURES, storedLogs, writeLog } from './stored-log.ts';

const [topic] = process.argv.slice(2);
if (topic === undefined || !/^[a-z0-9-]+$/.test(topic)) {
  console.error('usage: npm run fixture:config -- <what-changed>');
  process.exit(1);
}
const number = String((await storedLogs()).length + 1).padStart(4, '0');
const path = join(FIXTURES, `${number}-${topic}`);
const { state, events } = given(...EVERY_KIND);
await writeLog(`${path}.avro`, CONFIG_EVENT_SCHEMA, events);
await writeFile(`${path}.json`, `${JSON.stringify(factsOf(state), undefined, 2)}\n`, { flag: 'wx' });
console.log(`${path}.avro: ${events.length} events`);
