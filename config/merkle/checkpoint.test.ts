import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { EMPTY_ROOT, leafHash } from './hashes.ts';
import { type NoteKey, parseNoteKey, parseNoteSigner, writeNoteSigner } from './note-keys.ts';
import { openNote } from './signed-note.ts';

/** The example of Go's `golang.org/x/mod/sumdb/note`. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

function known(text: string): NoteKey {
  const key = parseNoteKey(text);
  if (key === undefined) throw new Error(`${text} is no key`);
  return key;
}

function signerOf(secret: string) {
  const signer = parseNoteSigner(secret);
  if (signer === undefined) throw new Error('no signer');
  return signer;
}

const signer = signerOf(writeNoteSigner('audit.example/config', Buffer.alloc(32, 1)));
const other = signerOf(writeNoteSigner('audit.example/config', Buffer.alloc(32, 2)));

describe('a signed note', () => {
  it('of Go opens here', () => {
    expect(openNote(GO_NOTE, [known(GO_KEY)])).toMatchObject({ kind: 'signed', text: GO_TEXT });
  });

  it("is signed here as Go signs it, with Go's key", () => {
    const go = signerOf(GO_SECRET);
    expect(go.key.text).toBe(GO_KEY);
    expect(go.sign(GO_TEXT)).toBe(GO_NOTE);
  });

  it('is refused when only keys signed it that nobody asked for', () => {
    expect(openNote(GO_NOTE, [signer.key])).toEqual({ kind: 'refused', why: 'unknown key' });
    expect(openNote(GO_NOTE, [])).toEqual({ kind: 'refused', why: 'unknown key' });
  });

  it('may have other signatures beside', () => {
    const both = signer.sign('text\n') + other.sign('text\n').split('\n\n')[1];
    expect(openNote(both, [other.key])).toMatchObject({ kind: 'signed', by: { text: other.key.text } });
    const spoilt = both.replace('text', 'test');
    expect(openNote(spoilt, [other.key])).toEqual({ kind: 'refused', why: 'bad signature' });
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'text\n'],
    ['no blank line', 'text\n— a AAAAAAA=\n'],
    ['a tab', signer.sign('a\ttext\n')],
    ['no newline at its end', signer.sign('text\n').trimEnd()],
    ['a signature that is no base64', 'text\n\n— a b!\n'],
    ['a signature in base64 of another spelling', 'text\n\n— a AAAAAAB=\n'],
    ['too many signatures', `text\n\n${'— a AAAAAAA=\n'.repeat(101)}`],
    ['no end', `${'a'.repeat(1_000_001)}\n\n— a AAAAAAA=\n`],
  ])('is refused with %s', (_, note) => {
    expect(openNote(note, [signer.key])).toEqual({ kind: 'refused', why: 'malformed' });
  });
});

describe('a key', () => {
  it.each([
    '',
    'PeterNeumann',
    'PeterNeumann+c74f20a3',
    'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10',
    'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ` ${GO_KEY}`,
    `${GO_KEY}\n`,
    GO_SECRET,
  ])('is not what is written so: %j', (text) => {
    expect(parseNoteKey(text)).toBeUndefined();
  });

  it('that is secret is read back only as it was written', () => {
    expect(parseNoteSigner(GO_KEY)).toBeUndefined();
    expect(parseNoteSigner(GO_SECRET.replace('c74f20a3', 'c74f20a4'))).toBeUndefined();
    expect(parseNoteSigner(GO_SECRET)?.key.name).toBe('PeterNeumann');
  });
});

describe('a checkpoint', () => {
  const schemas = new Map([
    [12, leafHash(Buffer.from('a schema'))],
    [3, leafHash(Buffer.from('another'))],
  ]);

  it('is the three lines of the specification, and a line for each schema by its id', () => {
    const note = signCheckpoint(signer, { size: 0, root: EMPTY_ROOT, schemas });
    expect(note.split('\n')).toEqual([
      'audit.example/config',
      '0',
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      `avro-schema 3 ${schemas.get(3)?.toString('base64')}`,
      `avro-schema 12 ${schemas.get(12)?.toString('base64')}`,
      '',
      expect.stringMatching(/^— audit\.example\/config [A-Za-z0-9+/]{91}=$/),
      '',
    ]);
  });

  it('says to whoever has the key what was signed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, bytes) => {
        const root = Buffer.from(bytes);
        const opened = openCheckpoint(signCheckpoint(signer, { size, root, schemas }), [signer.key]);
        const checkpoint = {
          origin: 'audit.example/config',
          size,
          root,
          schemas: new Map([...schemas].sort(([a], [b]) => a - b)),
        };
        expect(opened).toEqual({ kind: 'signed', checkpoint, by: signer.key });
      }),
    );
  });

  it('is refused with any one byte flipped', () => {
    const note = Buffer.from(signCheckpoint(signer, { size: 41, root: EMPTY_ROOT, schemas }));
    for (let at = 0; at < note.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(note);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(openCheckpoint(flipped.toString(), [signer.key]).kind, `byte ${at}, bit ${bit}`).toBe(
          'refused',
        );
      }
    }
  });

  it.each([
    ['of another log', 'elsewhere\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n'],
    [
      'with a zero before its size',
      'audit.example/config\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    ],
    [
      'of a size no number can be',
      `audit.example/config\n${2 ** 53}\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`,
    ],
    ['with a short root', 'audit.example/config\n0\n47DEQpj8HBSa\n'],
    ['without a root', 'audit.example/config\n0\n'],
    ['with an empty line', 'audit.example/config\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nmore\n'],
  ])('%s is refused, signed as it may be', (_, text) => {
    expect(openCheckpoint(signer.sign(text), [signer.key])).toEqual({ kind: 'refused', why: 'malformed' });
  });

  it('may have lines of others, which say nothing here', () => {
    const text = 'audit.example/config\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nsomething else\n';
    expect(openCheckpoint(signer.sign(text), [signer.key])).toMatchObject({
      kind: 'signed',
      checkpoint: { size: 0, schemas: new Map() },
    });
  });
});
