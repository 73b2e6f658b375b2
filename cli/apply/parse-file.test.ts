import { describe, expect, it } from 'vitest';
import { parseFile } from './parse-file.ts';

const parse = (text: string) => parseFile(text, 'signal.yaml');

const FILE = `version: 1
sources:
  - name: Shop
    type: web
integrations:
  - { name: Sink, settings: { url: x, "a.b": y } }
consent:
  categories:
    1: functional
    yes: analytics
`;

describe('a file', () => {
  it('is YAML 1.2, in which keys are texts', () => {
    expect(parse(FILE).value).toMatchObject({
      sources: [{ name: 'Shop', type: 'web' }],
      consent: { categories: { 1: 'functional', yes: 'analytics' } },
    });
    expect(parse('a: no\nb: 0o10\nc: 010\nd: 1_000\ne: 1e+300').value).toEqual({
      a: 'no',
      b: 8,
      c: 10,
      d: '1_000',
      e: 1e300,
    });
  });

  it('may be JSON', () => {
    expect(parse('{"version": 1, "sources": [{"name": "A\\u00e9"}]}').value).toEqual({
      version: 1,
      sources: [{ name: 'Aé' }],
    });
  });

  it('may say once what it says often', () => {
    expect(parse('a: &all [x, y]\nb: *all\n').value).toEqual({ a: ['x', 'y'], b: ['x', 'y'] });
  });

  it.each([
    ['sources[0].type', '4:11'],
    ['sources.0.type', '4:11'],
    ['sources[0].colour', '3:5'],
    ['sources[7].name', '3:3'],
    ['integrations[0].settings.a.b', '6:46'],
    ['integrations[0].secrets.key', '6:5'],
    ['consent.categories.1', '9:8'],
    ['settings', '1:1'],
    ['', '1:1'],
  ])('knows where %s is, or would be', (path, place) => {
    expect(parse(FILE).placeOf(path)).toBe(`signal.yaml:${place}`);
  });

  const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    laughs.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );

  it.each<[string, string, RegExp]>([
    ['nothing', '', /expected a mapping/],
    ['a list', '- a', /expected a mapping/],
    ['a text', 'version', /expected a mapping/],
    ['what is no YAML', 'a: [1, 2\nb: 3', /^signal\.yaml:2:1: /],
    ['a key twice', 'a: 1\nb: 2\na: 3', /^signal\.yaml:3:1: .*unique/],
    ['two documents', 'a: 1\n---\nb: 2', /documents/],
    ['a tag of its own', 'a: 1\nb: !ruby/object:Gem {}', /^signal\.yaml:2:4: Unresolved tag/],
    ['a binary', 'a: !!binary aGk=', /tag/],
    ['a key of every object', 'a:\n  __proto__: { x: 1 }', /^signal\.yaml:2:3: "__proto__"/],
    ['such a key in a list', 'a: [{ "constructor": 1 }]', /^signal\.yaml:1:7: "constructor"/],
    ['such a key, disguised', 'a:\n  "\\x5f_proto__": 1', /__proto__/],
    ['a key that is a list', '? [a, b]\n: 1', /key/],
    ['an alias for nothing', 'a: *nowhere', /nowhere/],
    ['aliases for a billion things', laughs.join('\n'), /alias/],
    ['itself', 'a: &a [*a]', /^signal\.yaml:1:8: \*a stands for itself/],
    ['itself, further in', 'a: &a { b: [{ c: *a }] }', /stands for itself/],
    ['a number beyond exactness', 'a: 12345678901234567890', /^signal\.yaml:1:4: .*number/],
    ['a negative one', 'a: -12345678901234567891', /number/],
    ['no number', 'a: .nan', /number/],
    ['infinity', 'a: -.inf', /number/],
    ['deep nesting', `a: ${'['.repeat(50)}${']'.repeat(50)}`, /levels deep/],
    ['very deep nesting', `a: ${'['.repeat(100_000)}`, /./],
    ['what moves the cursor', 'a: !\u001b[2J x', /^\P{Cc}*$/u],
  ])('is refused for %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'INVALID_FILE' }));
    expect(() => parse(text)).toThrow(message);
  });
});
