import { codedError } from './coded-error.ts';

/** As the API takes it, with an offset; people write dates. `flag` is what the error names. */
export function timeOf(flag: string, text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw codedError(
      'INVALID_TIME',
      `${flag}: "${text}" is no time, such as 2026-01-31 or 2026-01-31T12:00:00Z`,
    );
  return new Date(time).toISOString();
}

/** A point in the log: the sequence of a change, or a time. */
export const pointOf = (flag: string, text: string): string =>
  /^\d{1,15}$/.test(text) ? text : timeOf(flag, text);
