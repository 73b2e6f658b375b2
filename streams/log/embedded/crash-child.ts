import { writeSync } from 'node:fs';
import type { OutgoingRecord } from '../log.ts';
import { openEmbeddedLog } from './index.ts';

/*
 * The process that the crash test kills. It appends from several callers and runs a task per partition over what
 * they append, and writes a line for each thing it was promised:
 *
 *   appended <caller> <last value>       all of this caller's values up to this one are in the log
 *   committed <partition> <offset>       all of this partition's input before the offset is processed
 */
const [directory = '', run = '', flush] = process.argv.slice(2);

const log = await openEmbeddedLog({ directory, flush: flush === 'os' ? 'os' : 'disk' });
await log.createTopics([
  { name: 'in', partitions: 4 },
  { name: 'out', partitions: 4 },
]);

const promised = (line: string): void => {
  writeSync(1, `${line}\n`);
};

async function appendForEver(caller: number): Promise<never> {
  for (let next = 0; ; ) {
    const records: OutgoingRecord[] = [];
    for (let i = 0; i <= (next * 7 + caller) % 20; i++) {
      const value = `${run}:${caller}:${next++}`;
      records.push({
        topic: 'in',
        key: Buffer.from(`${run}:${caller}`),
        value: Buffer.from(value.padEnd(900)),
        timestamp: Date.now(),
        headers: [],
      });
    }
    await log.append(records);
    promised(`appended ${caller} ${next - 1}`);
  }
}

async function processForEver(partition: number): Promise<void> {
  const group = 'group';
  const task = await log.openTask({
    id: `task-${partition}`,
    group,
    partitions: [{ topic: 'in', partition }],
    stores: [{ name: 'counts' }],
  });
  let from = task.committed[0]?.offset ?? 0;
  for await (const records of log.read({ topic: 'in', partition, from, follow: true })) {
    const key = Buffer.from('count');
    const [count] = await task.getMany('counts', [key]);
    from += records.length;
    const durable = from % 2 === 0;
    await task.commit(
      {
        offsets: [{ topic: 'in', partition, offset: from }],
        records: records.map((record) => ({ ...record, topic: 'out', partition })),
        changes: [{ store: 'counts', key, value: Buffer.from(`${Number(count ?? 0) + records.length}`) }],
      },
      { durable },
    );
    promised(`committed ${partition} ${from}`);
  }
}

await Promise.all([
  ...Array.from({ length: 8 }, (_, caller) => appendForEver(caller)),
  ...Array.from({ length: 4 }, (_, partition) => processForEver(partition)),
]);
