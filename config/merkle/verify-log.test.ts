import { describe, expect, it } from 'vitest';
import { signCheckpoint } from './checkpoint.ts';
import { EventTree } from './event-tree.ts';
import { leafHash } from './hashes.ts';
import { type NoteSigner, parseNoteSigner, writeNoteSigner } from './note-keys.ts';
import { type Evidence, verifyLog } from './verify-log.ts';

function signerOf(seed: number): NoteSigner {
  const signer = parseNoteSigner(writeNoteSigner('audit.example/config', Buffer.alloc(32, seed)));
  if (signer === undefined) throw new Error('no signer');
  return signer;
}

const signer = signerOf(1);
const SCHEMA = leafHash(Buffer.from('a schema'));

function logOf(texts: readonly string[]): EventTree {
  const events = new EventTree();
  texts.forEach((text, i) => {
    events.add(Buffer.from(text), { sequence: i + 1, schemaId: 7, schema: SCHEMA });
  });
  return events;
}

const TEXTS = ['one', 'two', 'three', 'four', 'five'];
const events = logOf(TEXTS);

const checkpoint = (size: number, of = events, by = signer) => ({
  note: signCheckpoint(by, of.headAt(size)),
  leaves: { first: 0, hashes: Buffer.concat(Array.from({ length: size }, (_, i) => of.tree.leaf(i))) },
});

const verify = (evidence: Partial<Evidence>) =>
  verifyLog({
    events,
    checkpoints: [checkpoint(2), checkpoint(4)],
    schemas: new Map([[7, SCHEMA]]),
    keys: [signer.key],
    ...evidence,
  });

const messageOf = (evidence: Partial<Evidence>): string | undefined => verify(evidence).problem?.message;

describe('verifying a log', () => {
  it('says how much of it is signed', () => {
    expect(verify({})).toEqual({
      valid: true,
      size: 5,
      root: events.tree.root(),
      signedSize: 4,
      problem: undefined,
    });
    expect(verify({ checkpoints: [] })).toMatchObject({ valid: true, signedSize: 0 });
    expect(verify({ checkpoints: [], events: new EventTree() })).toMatchObject({ valid: true, size: 0 });
  });

  it('names the event at fault', () => {
    const tampered = logOf(['one', 'two', 'THREE', 'four', 'five']);
    expect(verify({ events: tampered })).toMatchObject({
      valid: false,
      problem: { kind: 'altered', sequence: 3, upTo: 3 },
    });
  });

  it('believes no checkpoint that another key signed, and says which', () => {
    const forged = checkpoint(4, logOf(['one', 'two', 'THREE', 'four']), signerOf(2));
    expect(messageOf({ checkpoints: [checkpoint(2), forged] })).toBe(
      'checkpoint 4 is not signed by a key that is believed here',
    );
    expect(
      verify({ checkpoints: [checkpoint(4, events, signerOf(2))], keys: [signer.key, signerOf(2).key] }),
    ).toMatchObject({ valid: true, signedSize: 4 });
  });

  it('names a checkpoint that was altered', () => {
    const altered = { ...checkpoint(4), note: checkpoint(4).note.replace('\n4\n', '\n5\n') };
    expect(messageOf({ checkpoints: [altered] })).toBe(
      'checkpoint 5 was altered: its signature does not hold',
    );
    expect(messageOf({ checkpoints: [{ note: 'what?' }] })).toBe('a checkpoint is not a signed checkpoint');
    const leaves = { first: 0, hashes: Buffer.alloc(128) };
    expect(messageOf({ checkpoints: [{ ...checkpoint(4), leaves }] })).toBe(
      'the leaf hashes kept with checkpoint 4 were altered; the events were not',
    );
  });

  it('finds by a checkpoint kept elsewhere that all was made anew by who has the key', () => {
    const anew = logOf(['one', 'TWO', 'three', 'four', 'five']);
    const evidence = { events: anew, checkpoints: [checkpoint(2, anew), checkpoint(4, anew)] };
    expect(verify(evidence).valid).toBe(true);
    const remembered = [1, 3].map((size) => checkpoint(size).note);
    expect(verify({ ...evidence, remembered })).toMatchObject({
      valid: false,
      problem: {
        kind: 'altered',
        sequence: 2,
        upTo: 3,
        message:
          'one of the events 2 to 3 was altered: checkpoint 1, seen before, still holds, and checkpoint 3, seen before, does not hold. The checkpoints kept with the log hold: whoever did it has the key',
      },
    });
    expect(verify({ remembered }).valid).toBe(true);
  });

  it('finds that a log was cut off and signed again', () => {
    const short = logOf(TEXTS.slice(0, 3));
    expect(
      verify({ events: short, checkpoints: [checkpoint(3)], remembered: [checkpoint(5).note] }),
    ).toMatchObject({
      valid: false,
      problem: { kind: 'removed', sequence: 4 },
    });
  });

  it('does not take another schema for the one that was signed', () => {
    const other = leafHash(Buffer.from('another schema'));
    expect(messageOf({ schemas: new Map([[7, other]]) })).toBe(
      'schema 7 is not the one that checkpoint 2 was signed for',
    );
    expect(messageOf({ schemas: new Map() })).toBe('schema 7 is missing that checkpoint 2 was signed for');
  });
});
