/**
 * Plays Dreamdata's server-side API: checks a request the way the vendor's documentation says it does.
 * @typedef {{ readonly status: number, readonly body: unknown }} Answer
 * @typedef {{ readonly authorization: string | undefined, readonly body: string }} BatchRequest
 */

/** "500 KB", without saying whether a KB has 1000 or 1024 bytes. */
const MAX_BYTES = 500_000;

const TYPES = new Set(['track', 'page', 'identify', 'group', 'screen', 'alias']);

/**
 * @param {BatchRequest} request
 * @param {string} key
 * @returns {Answer}
 */
export function answerBatch({ authorization, body }, key) {
  const expected = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  if (authorization !== expected)
    return failure(401, 'invalid_credentials', 'The API key is wrong or was revoked.');
  if (Buffer.byteLength(body) >= MAX_BYTES) {
    return failure(413, 'payload_too_large', `A request must be smaller than ${MAX_BYTES} bytes.`);
  }
  const parsed = parseObject(body);
  if (parsed === undefined) return failure(400, 'invalid_json', 'The body is not a JSON object.');
  const problem = batchProblem(parsed);
  return problem === undefined
    ? { status: 200, body: { success: true } }
    : failure(400, 'invalid_request', problem);
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @returns {Answer}
 */
function failure(status, code, message) {
  return { status, body: { success: false, error: { code, message } } };
}

/**
 * @param {Record<string, unknown>} body
 * @returns {string | undefined}
 */
function batchProblem(body) {
  if (!isText(body.messageId)) return 'messageId is missing.';
  if (!isTimestamp(body.sentAt)) return 'sentAt is not an ISO 8601 timestamp.';
  if (!Array.isArray(body.batch) || body.batch.length === 0)
    return 'batch must be a list of at least one item.';
  for (const [index, item] of body.batch.entries()) {
    const problem = isObject(item) ? itemProblem(item) : 'is not an object';
    if (problem !== undefined) return `batch[${index}] ${problem}.`;
  }
  return undefined;
}

/**
 * @param {Record<string, unknown>} item
 * @returns {string | undefined}
 */
function itemProblem(item) {
  if (!isText(item.type) || !TYPES.has(item.type)) return 'has no known type';
  if (!isText(item.event)) return 'has no event name';
  if (!isText(item.messageId)) return 'has no messageId';
  if (!isText(item.userId) && !isText(item.anonymousId)) return 'has neither userId nor anonymousId';
  if (!isTimestamp(item.timestamp)) return 'has a malformed timestamp';
  if (!isObject(item.properties)) return 'has no properties';
  for (const field of ['traits', 'context']) {
    if (item[field] !== undefined && !isObject(item[field])) return `has ${field} that are no object`;
  }
  const empty = pathOfNull(item, '');
  return empty === undefined ? undefined : `has null at ${empty.slice(1)}`;
}

/**
 * What Signal has no value for it leaves out; only properties may hold nulls, for they are the customer's own.
 * @param {unknown} value
 * @param {string} path
 * @returns {string | undefined}
 */
function pathOfNull(value, path) {
  if (value === null) return path;
  if (typeof value !== 'object') return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (path === '' && key === 'properties') continue;
    const found = pathOfNull(inner, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
export function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @type {(value: unknown) => value is Record<string, unknown>} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @type {(value: unknown) => value is string} */
const isText = (value) => typeof value === 'string' && value !== '';

/**
 * With milliseconds, in UTC, and a date that exists.
 * @type {(value: unknown) => boolean}
 */
const isTimestamp = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value));
