/**
 * Client times. A client's clock may be wrong by any amount, so what it says is corrected by the same clock's
 * reading at the moment of sending, as Segment's specification defines: the event happened as long before
 * `receivedAt` as its `timestamp` lies before `sentAt`
 * (https://segment.com/docs/connections/spec/common/#timestamps).
 */

const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$/;

/**
 * Milliseconds since the epoch, or `undefined` if `text` is not an ISO 8601 date or date-time that exists. Finer
 * fractions are cut to milliseconds. Without an offset UTC is assumed: wherever the sender's `sentAt` is written
 * in the same way, the correction above cancels the difference.
 */
export function parseTimestamp(text: string): number | undefined {
  return isIsoString(text) ? parseIsoString(text) : parseAny(text);
}

/** As `Date.prototype.toISOString` writes it, and so nearly every client. */
const isIsoString = (text: string): boolean =>
  text.length === 24 &&
  text[4] === '-' &&
  text[7] === '-' &&
  text[10] === 'T' &&
  text[13] === ':' &&
  text[16] === ':' &&
  text[19] === '.' &&
  text[23] === 'Z';

/** V8 reads it without allocating, but takes 30 February for 2 March; days up to the 28th always exist. */
function parseIsoString(text: string): number | undefined {
  const time = Date.parse(text);
  const mayNotExist = Number.isNaN(time) || text.slice(8, 10) > '28' || text.slice(11, 13) === '24';
  return mayNotExist ? parseAny(text) : time;
}

function parseAny(text: string): number | undefined {
  const match = ISO_8601.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', sign, offH, offM] = match;
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  // Date.UTC carries over (30 February becomes 1 March) and reads years 0-99 as 1900-1999.
  const read = new Date(time);
  const exists =
    read.getUTCFullYear() === Number(year) &&
    read.getUTCMonth() === Number(month) - 1 &&
    read.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!exists) return undefined;
  if (sign === undefined) return time;
  if (Number(offH) > 23 || Number(offM) > 59) return undefined;
  const offset = (Number(offH) * 60 + Number(offM)) * 60_000;
  return sign === '+' ? time - offset : time + offset;
}

/** By the client's clock; milliseconds since the epoch. */
export interface ClientTimes {
  readonly timestamp: number | null;
  /** What RudderStack's SDKs send instead of `timestamp`. */
  readonly originalTimestamp: number | null;
  readonly sentAt: number | null;
}

/**
 * When it happened, by our clock; never after it arrived, and if the client's clock was never set, when it arrived. A `timestamp` beside an `originalTimestamp` is taken as it is: either the user
 * stated it apart from when the call was made (RudderStack), or somebody has corrected it already (Segment, passing
 * events on).
 */
export function eventTime({ timestamp, originalTimestamp, sentAt }: ClientTimes, receivedAt: number): number {
  const stated = timestamp ?? originalTimestamp;
  if (stated === null) return receivedAt;
  const isCorrect = sentAt === null || (timestamp !== null && originalTimestamp !== null);
  const time = isCorrect ? stated : stated + (receivedAt - sentAt);
  if (time < CLOCK_NEVER_SET) return receivedAt;
  return Math.min(time, receivedAt);
}

/** A device whose clock was never set counts from 1970; nothing that is sent here happened then. */
const CLOCK_NEVER_SET = Date.UTC(1971, 0, 1);
