const NEWLINE = 0x0a;
/** Longer ones are taken for several: nothing that is exported comes near it. */
const MAX_LENGTH = 16 * 1024 * 1024;

/** Lines with the newlines that end them; the last one may have none. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end + 1)]);
      rest = [];
      length = 0;
      from = end + 1;
    }
    rest.push(Buffer.from(chunk.subarray(from)));
    length += chunk.length - from;
    if (length > MAX_LENGTH) {
      yield Buffer.concat(rest);
      rest = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(rest);
}
