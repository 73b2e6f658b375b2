import { type Static, Type } from '@sinclair/typebox';
import type { ApiContext } from '../deps.ts';
import { fieldDiff, resourceType, resourceView } from '../history/index.ts';
import { AtField, versionAt } from '../http/at.ts';
import { PageQuery, pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import { FieldChangeView } from './shared.ts';

const DiffQuery = Type.Composite(
  [
    PageQuery,
    Type.Object({
      from: AtField,
      to: Type.Optional({ ...AtField, description: `Left out: now. ${AtField.description}` }),
    }),
  ],
  { additionalProperties: false },
);

const DiffView = Type.Object({
  resource_type: Type.String(),
  resource_id: Type.String(),
  change: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('deleted')]),
  events: Type.Array(Type.Integer(), { description: 'Sequences of the events that changed it' }),
  changes: Type.Array(FieldChangeView),
});

export type ConfigDifference = Static<typeof DiffView>;

/** What differs between two points in the history, resource by resource. */
export function configDiffRoutes(api: Api, { projection }: ApiContext): void {
  const compare = (from: number, to: number): ConfigDifference[] => {
    const [before, after] = [projection.at(from), projection.at(to)];
    const eventsOf = new Map<string, number[]>();
    for (const { resourceId, sequence } of projection.headsBetween(
      Math.min(from, to) + 1,
      Math.max(from, to) + 1,
    )) {
      const events = eventsOf.get(resourceId);
      if (events === undefined) eventsOf.set(resourceId, [sequence]);
      else events.push(sequence);
    }
    return [...eventsOf].flatMap(([id, events]) => {
      const [old, now] = [resourceView(before, id), resourceView(after, id)];
      const changes = fieldDiff(old, now).map((change) => ({ ...change }));
      // It was changed back, or came and went.
      if (changes.length === 0) return [];
      const change = old === undefined ? 'created' : now === undefined ? 'deleted' : 'updated';
      return [{ resource_type: resourceType(id), resource_id: id, change, events, changes } as const];
    });
  };

  api.get(
    '/config/diff',
    {
      config: { permission: 'config:read' },
      schema: {
        description:
          'What differs between two points, in the order in which it was first changed. `from` may be the later one: that is what going back would change',
        querystring: DiffQuery,
        response: { 200: pageOf(DiffView) },
      },
    },
    async (request) => {
      const from = versionAt(projection, request.query.from, 'from');
      const to =
        request.query.to === undefined ? projection.version : versionAt(projection, request.query.to, 'to');
      const differences = compare(from, to);
      return paginate(
        differences,
        request.query,
        ({ events }) => events[0] ?? 0,
        (each) => each,
      );
    },
  );
}
