import { describe, expect, it } from 'vitest';
import { lineOf } from './show-log.ts';

type Shown = Parameters<typeof lineOf>[0];

const EVENT: Shown = {
  sequence: 7,
  type: 'source.created',
  time: '2026-01-31T12:00:00.000Z',
  actor: { kind: 'user', id: 'usr_1', name: 'Ada', ip: '192.0.2.1' },
  reason: 'the shop opens',
  resource_id: 'src_1',
  resource_version: 1,
  payload: { name: 'Shop' },
};

describe('a line of signal config log', () => {
  it('says who changed what, when, from where and why', () => {
    expect(lineOf(EVENT, false)).toBe(
      '#7  2026-01-31T12:00:00.000Z  source.created  src_1 v1  by user Ada (usr_1) from 192.0.2.1  "the shop opens"',
    );
    const system: Shown['actor'] = { kind: 'system', id: 'system', name: null, ip: null };
    expect(lineOf({ ...EVENT, actor: system, reason: null }, true)).toBe(
      '#7  2026-01-31T12:00:00.000Z  source.created  src_1 v1  by system system  {"name":"Shop"}',
    );
  });

  it('lets nobody write to the terminal: no colours, no second line, no text turned round', () => {
    const actor = { ...EVENT.actor, name: 'Ada\u001b[31m\n#8  forged' };
    const line = lineOf({ ...EVENT, actor, reason: 'a\u202eb\u2028c\u0007' }, false);
    expect(line).toContain('Ada\\u{1b}[31m\\u{a}#8  forged');
    expect(line).toContain('"a\\u{202e}b\\u{2028}c\\u0007"');
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}/u);
  });
});
