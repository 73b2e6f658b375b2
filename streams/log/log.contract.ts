import { describe } from 'vitest';
import { appendContract } from './contract/append.ts';
import { closingContract } from './contract/closing.ts';
import { consumerContract } from './contract/consumer.ts';
import { deleteRecordsContract } from './contract/delete-records.ts';
import { type LogFixture, LogUnderTest } from './contract/log-under-test.ts';
import { readContract } from './contract/read.ts';
import { taskContract } from './contract/task.ts';
import { topicsContract } from './contract/topics.ts';

/** What `Log` promises, as tests for any adapter; `create` makes an empty place for a log. */
export function logContract(name: string, create: () => Promise<LogFixture>): void {
  describe(name, () => {
    const on = new LogUnderTest(create);
    topicsContract(on);
    appendContract(on);
    readContract(on);
    consumerContract(on);
    taskContract(on);
    deleteRecordsContract(on);
    closingContract(on);
  });
}
