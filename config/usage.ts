import { type Rejection, reject } from './rejections.ts';
import type { Pipeline } from './resources/pipeline.ts';

/** Why something cannot be deleted: the pipelines that use it, if any do. */
export function usageFault(id: string, pipelines: Iterable<Pipeline>): Rejection | undefined {
  const users = [...pipelines].sort((a, b) => a.createdIn - b.createdIn).map((pipeline) => pipeline.id);
  return users.length === 0
    ? undefined
    : reject('IN_USE', null, `${id} is used by ${users.join(', ')}; delete what uses it first`);
}
