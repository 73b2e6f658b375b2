import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { codedError } from '../config/coded-error.ts';
import { visible } from '../config/visible.ts';

/** As much as the API takes. */
export const MAX_FILE_BYTES = 512 * 1024;
/** How often anchors may be repeated, all in all: a few of them can stand for gigabytes. */
const MAX_ALIASES = 100;
const MAX_DEPTH = 32;

/** Keys that reach into what every object has. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** A file that was read, and where everything in it is. */
export interface ParsedFile {
  readonly value: Readonly<Record<string, unknown>>;
  /** `signal.yaml:14:5`; of what is not there, the nearest thing that is. `path`: `pipelines[2].integration`. */
  placeOf(path: string): string;
}

/** Reads YAML 1.2, and so JSON. `name`: what errors call it. Throws `INVALID_FILE`, with line and column. */
export function parseFile(text: string, name: string): ParsedFile {
  const lines = new LineCounter();
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const invalid = (offset: number, what: string): Error =>
    codedError('INVALID_FILE', `${at(offset)}: ${visible(what)}`);
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      strict: true,
      uniqueKeys: true,
      resolveKnownTags: false,
      // `1: functional` names the code "1".
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    // A tag that nobody knows is a warning; it would be read as something else than it says.
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw invalid(fault.pos[0], fault.message);
    visit(document, {
      Pair(_, { key }) {
        if (isScalar(key) && FORBIDDEN.has(String(key.value)))
          throw invalid(key.range?.[0] ?? 0, `"${key.value}" is no key for anything here`);
      },
      Scalar(_, { value, source, range }) {
        if (typeof value === 'number' && !isExact(value, source ?? ''))
          throw invalid(range?.[0] ?? 0, 'this number cannot be kept; if it is a text, put it in quotes');
      },
      Alias(_, { source, range }, path) {
        if (path.some((node) => isNode(node) && !isAlias(node) && node.anchor === source))
          throw invalid(range?.[0] ?? 0, `*${source} stands for itself`);
      },
      Collection(_, { range }, path) {
        if (path.filter(isCollection).length >= MAX_DEPTH)
          throw invalid(range?.[0] ?? 0, `nested more than ${MAX_DEPTH} levels deep`);
      },
    });
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    if (!isRecord(value)) throw invalid(0, 'expected a mapping that begins with version: 1');
    return { value, placeOf: (path) => at(offsetOf(document.contents, path)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'INVALID_FILE') throw error;
    // Of the library's own: aliases that stand for too much or nothing, nesting beyond its stack.
    throw codedError('INVALID_FILE', `${name}: ${error instanceof Error ? visible(error.message) : error}`);
  }
}

/** Whether it is the number that stands there: JSON has no other than that of a double. */
const isExact = (value: number, source: string): boolean =>
  Number.isFinite(value) &&
  (Number.isSafeInteger(value) || !/^[-+]?\d+$/.test(source) || String(value) === source);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Walks as far down the path as there is something. Keys may hold dots themselves: the longest one that fits counts. */
function offsetOf(root: Node | null, path: string): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  let rest = path;
  while (rest !== '') {
    if (isSeq(node)) {
      const [step = '', index] = /^\[?(\d+)\]?\.?/.exec(rest) ?? [];
      if (index === undefined) break;
      node = node.items[Number(index)];
      rest = rest.slice(step.length);
    } else if (isMap(node)) {
      const fitting = node.items
        .flatMap((pair) => (isScalar(pair.key) ? [{ pair, key: String(pair.key.value) }] : []))
        .filter(({ key }) => rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`))
        .toSorted((a, b) => b.key.length - a.key.length)[0];
      if (fitting === undefined) break;
      node = fitting.pair.value;
      rest = rest.slice(fitting.key.length).replace(/^\./, '');
    } else break;
    if (isMap(node) || isSeq(node) || isScalar(node)) offset = node.range?.[0] ?? offset;
  }
  return offset;
}
