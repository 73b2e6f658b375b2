import { type GoldenTopology, input, strings, type Text, text } from './golden-topology.ts';

const firstCharacter = (value: string): string => [...value][0] ?? '';

export const statelessTopologies: readonly GoldenTopology[] = [
  {
    name: 'stateless-chain',
    build: (builder) =>
      input(builder, 'in')
        .filter((_, value) => value !== null && !value.startsWith('#'))
        .peek(() => {})
        .flatMap((key, value) =>
          (value ?? '')
            .split(' ')
            .flatMap((word, index): [string, string][] => (word === '' ? [] : [[`${key}/${index}`, word]])),
        )
        .mapValues((value, key) => `${key}=${value}`)
        .flatMapValues((value) => (value.includes('!') ? [value, `${value}?`] : [value]))
        .selectKey((_, value) => value.slice(value.indexOf('=') + 1))
        .map((key, value) => [key.toUpperCase(), value])
        .filterNot((key) => key === 'DROP')
        .to('out', strings),
  },
  {
    name: 'branch-order',
    build(builder) {
      const numbers = input(builder, 'in').split();
      numbers.branch((_, value) => Number(value) > 100).to('big', strings);
      numbers.branch((_, value) => Number(value) > 10).to('medium', strings);
      numbers.branch((_, value) => Number(value) % 2 === 0).to('even', strings);
      numbers.defaultBranch().to('rest', strings);
      input(builder, 'in2')
        .split()
        .branch((key) => key === 'x')
        .to('x-only', strings);
    },
  },
  {
    name: 'merge-and-fanout-order',
    build(builder) {
      const merged = input(builder, 'a').merge(input(builder, 'b'));
      const words = merged.flatMapValues((value) => (value ?? '').split(','));
      words.mapValues((value) => `${value}-1st`).to('out', strings);
      words.mapValues((value) => `${value}-2nd`).to('out', strings);
      merged.mapValues((value) => `${value}-3rd`).to('out', strings);
    },
  },
  {
    name: 'topic-routing',
    build: (builder) =>
      input(builder, 'in').to((key, _, context) => {
        const route = context.headers.findLast(([name]) => name === 'route');
        if (route !== undefined) return route[1].toString();
        if (key === null) return 'route-null';
        if (key.startsWith('a')) return 'route-a';
        return context.timestamp >= 100 ? 'route-late' : `route-${context.topic}`;
      }, strings),
  },
  {
    name: 'repartition',
    build: (builder) =>
      input(builder, 'in')
        .selectKey((_, value): Text => (value === null || value === '' ? null : firstCharacter(value)))
        .repartition({ name: 'rp', key: text, value: text, partitions: 1 })
        .mapValues((value, key) => `${key}:${value}`)
        .to('out', strings),
  },
];
