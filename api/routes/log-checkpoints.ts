import { type Static, Type } from '@sinclair/typebox';
import type { SignedCheckpoint } from '../../topologies/config/index.ts';
import type { LogAudit } from '../audit/index.ts';
import { apiError } from '../errors.ts';
import { LogAtField, wasThere } from '../http/at.ts';
import { type Page, PageQuery, pageOf, paginate } from '../http/paging.ts';
import type { Api } from '../http/type-provider.ts';
import type { AuditPlace } from './log-audit.ts';
import { HashField, Timestamp, timestamp } from './shared.ts';

const CheckpointQuery = Type.Composite(
  [
    PageQuery,
    Type.Object({
      at: LogAtField,
      format: Type.Optional(
        Type.Union([Type.Literal('json'), Type.Literal('note')], {
          description: '`note`: the newest one alone, as text/plain',
          errorMessage: 'Expected json or note',
        }),
      ),
    }),
  ],
  { additionalProperties: false },
);

const CheckpointView = Type.Object({
  size: Type.Integer({ description: 'Events it vouches for, from the first on' }),
  root: HashField,
  time: Timestamp,
  public_key: Type.String({ description: 'Of the key that signed it' }),
  note: Type.String({
    description: 'The checkpoint itself, a signed note: https://c2sp.org/tlog-checkpoint',
  }),
});

const PublicKeyView = Type.Object({
  public_key: Type.String({ description: '`<name>+<id>+<base64>`, as golang.org/x/mod/sumdb/note has it' }),
  origin: Type.String({ description: 'Name of the key and first line of every checkpoint' }),
  retired: Type.Array(Type.String(), { description: 'Keys that signed before' }),
});

const show = ({ size, root, time, by, note }: SignedCheckpoint): Static<typeof CheckpointView> => ({
  size,
  root: root.toString('base64'),
  time: timestamp(time),
  public_key: by.text,
  note,
});

/** What was signed of the log, and the key to check it by. */
export function checkpointRoutes<E>(api: Api, audit: LogAudit<E>, place: AuditPlace): void {
  api.get(
    `${place.path}/checkpoints`,
    {
      config: { permission: place.read },
      schema: {
        operationId: `list${place.noun}Checkpoints`,
        description:
          'The signed checkpoints, oldest first; `format=note` answers with the newest one as it is.',
        querystring: CheckpointQuery,
        response: { 200: Type.Union([pageOf(CheckpointView), Type.String()]) },
        mediaTypes: { 200: ['application/json', 'text/plain'] },
        errors: [404],
      },
    },
    async (request, reply): Promise<string | Page<Static<typeof CheckpointView>>> => {
      const isThere = wasThere(request.query.at);
      const checkpoints = (await audit.checkpoints())
        .map((each, index) => ({ ...each, position: index + 1 }))
        .filter(({ size, time }) => isThere(size, time));
      if (request.query.format !== 'note')
        return paginate(checkpoints, request.query, ({ position }) => position, show);
      const latest = checkpoints.at(-1);
      if (latest === undefined) throw apiError('CHECKPOINT_NOT_FOUND');
      reply.type('text/plain; charset=utf-8');
      return latest.note;
    },
  );

  api.get(
    `${place.path}/public-key`,
    {
      config: { permission: place.read },
      schema: {
        operationId: `get${place.noun}PublicKey`,
        description:
          'The public key of the log. Note it down when the log is set up: asked for later, it is what whoever answers says it is.',
        response: { 200: PublicKeyView },
      },
    },
    async () => {
      const [current, ...retired] = audit.keys;
      return {
        public_key: current?.text ?? '',
        origin: current?.name ?? '',
        retired: retired.map((key) => key.text),
      };
    },
  );
}
