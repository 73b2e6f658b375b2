/** A record as the model sees it. */
export interface Sent {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestamp: number;
}

export type Step =
  | { readonly op: 'drop'; readonly value: string }
  | { readonly op: 'append'; readonly suffix: string }
  | { readonly op: 'twice' }
  | { readonly op: 'rekey' }
  | { readonly op: 'repartition' };

export type End =
  | { readonly op: 'none' }
  | { readonly op: 'count' }
  | { readonly op: 'concat' }
  | { readonly op: 'windows'; readonly sizeMs: number; readonly advanceMs: number; readonly graceMs: number }
  | { readonly op: 'sessions'; readonly gapMs: number; readonly graceMs: number };

/** What the steps make of a record; the last thing that a reader of the documentation would expect, in a few lines. */
export function afterSteps(steps: readonly Step[], record: Sent): Sent[] {
  return steps.reduce<Sent[]>((records, step) => records.flatMap((each) => afterStep(step, each)), [record]);
}

/** By which key a `rekey` step groups: the first letter of the value; none for a null value or one of `c`. */
export const newKey = (value: string | null): string | null =>
  value === null || value.startsWith('c') ? null : value.slice(0, 1);

function afterStep(step: Step, record: Sent): Sent[] {
  switch (step.op) {
    case 'drop':
      return record.value === step.value ? [] : [record];
    case 'append':
      return [{ ...record, value: `${record.value}${step.suffix}` }];
    case 'twice':
      return [record, { ...record, value: `${record.value}!` }];
    case 'rekey':
      return [{ ...record, key: newKey(record.value) }];
    case 'repartition':
      return record.key === null ? [] : [record];
  }
}

/** What comes out at the end, as text; in the state of one model, record after record. */
export function endModel(end: End): (record: Sent) => string[] {
  switch (end.op) {
    case 'none':
      return ({ key, value, timestamp }) => [`${key}=${value} @${timestamp}`];
    case 'count':
      return tableModel((row) => String(Number(row ?? '0') + 1));
    case 'concat':
      return tableModel((row, value) => (row === undefined ? value : `${row},${value}`));
    case 'windows':
      return windowModel(end);
    case 'sessions':
      return sessionModel(end);
  }
}

function tableModel(next: (row: string | undefined, value: string) => string): (record: Sent) => string[] {
  const rows = new Map<string, { value: string; timestamp: number }>();
  return ({ key, value, timestamp }) => {
    if (key === null || value === null) return [];
    const row = rows.get(key);
    const updated = {
      value: next(row?.value, value),
      timestamp: Math.max(timestamp, row?.timestamp ?? timestamp),
    };
    rows.set(key, updated);
    return [`${key}=${updated.value} @${updated.timestamp}`];
  };
}

function windowModel({ sizeMs, advanceMs, graceMs }: Extract<End, { op: 'windows' }>) {
  const counts = new Map<string, { count: number; timestamp: number }>();
  let now = -1;
  return ({ key, timestamp }: Sent): string[] => {
    if (key === null) return [];
    now = Math.max(now, timestamp);
    const results: string[] = [];
    for (let start = 0; start <= timestamp; start += advanceMs) {
      const end = start + sizeMs;
      if (timestamp >= end || end + graceMs <= now) continue;
      const name = `${key}[${start}..${end}`;
      const old = counts.get(name);
      const row = {
        count: (old?.count ?? 0) + 1,
        timestamp: Math.max(timestamp, old?.timestamp ?? timestamp),
      };
      counts.set(name, row);
      results.push(`${name}=${row.count} @${row.timestamp}`);
    }
    return results;
  };
}

function sessionModel({ gapMs, graceMs }: Extract<End, { op: 'sessions' }>) {
  let sessions: { key: string; start: number; end: number; count: number }[] = [];
  let now = -1;
  let latestEnd = -1;
  return ({ key, timestamp }: Sent): string[] => {
    if (key === null) return [];
    now = Math.max(now, timestamp);
    const found = sessions
      .filter((session) => session.key === key && session.end > latestEnd - (gapMs + graceMs))
      .filter(({ start, end }) => end >= timestamp - gapMs && start <= timestamp + gapMs)
      .sort((a, b) => a.end - b.end || a.start - b.start);
    const start = Math.min(timestamp, ...found.map((session) => session.start));
    const end = Math.max(timestamp, ...found.map((session) => session.end));
    if (end < now - graceMs - gapMs) return [];
    const isPoint = start === timestamp && end === timestamp;
    const gone = isPoint ? [] : found.map((old) => `${key}[${old.start}..${old.end}=null @${old.end}`);
    const count = found.reduce((sum, session) => sum + session.count, 1);
    sessions = [...sessions.filter((session) => !found.includes(session)), { key, start, end, count }];
    latestEnd = Math.max(latestEnd, end);
    return [...gone, `${key}[${start}..${end}=${count} @${end}`];
  };
}
