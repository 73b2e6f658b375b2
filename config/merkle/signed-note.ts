import { verify } from 'node:crypto';
import { fromBase64 } from './base64.ts';
import type { NoteKey } from './note-keys.ts';

export type OpenedNote =
  | { readonly kind: 'signed'; readonly text: string; readonly by: NoteKey }
  | { readonly kind: 'refused'; readonly why: 'malformed' | 'unknown key' | 'bad signature' };

/** Of a note and of its signatures, so that a hostile one costs nothing. */
const MAX_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;

const SIGNATURE = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/;

/** The text of a note (https://c2sp.org/signed-note) that one of the keys signed. Signatures by other keys count for
 * nothing; one that claims to be by a given key and is not spoils the note. */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote {
  const end = note.lastIndexOf('\n\n');
  if (note.length > MAX_LENGTH || end < 0 || !note.endsWith('\n') || hasControls(note)) return MALFORMED;
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return MALFORMED;

  let by: NoteKey | undefined;
  for (const line of lines) {
    const [, name = '', encoded = ''] = SIGNATURE.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (name === '' || bytes === undefined || bytes.length < 5) return MALFORMED;
    const key = keys.find((each) => each.name === name && each.id.equals(bytes.subarray(0, 4)));
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text), key.publicKey, bytes.subarray(4)))
      return { kind: 'refused', why: 'bad signature' };
    by ??= key;
  }
  return by === undefined ? { kind: 'refused', why: 'unknown key' } : { kind: 'signed', text, by };
}

const MALFORMED: OpenedNote = { kind: 'refused', why: 'malformed' };

/** Control characters other than the newline have no place in a note. */
const hasControls = (note: string): boolean => [...note].some((each) => each < ' ' && each !== '\n');
