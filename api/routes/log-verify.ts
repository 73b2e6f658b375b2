import { Type } from '@sinclair/typebox';
import type { LogAudit } from '../audit/index.ts';
import type { Api } from '../http/type-provider.ts';
import type { AuditPlace } from './log-audit.ts';
import { HashField, Nullable } from './shared.ts';

const PROBLEM_KINDS = [
  'altered',
  'removed',
  'reordered',
  'inserted',
  'checkpoint',
  'schema',
  'export',
] as const;

const VerificationView = Type.Object({
  valid: Type.Boolean(),
  size: Type.Integer({ description: 'Events in the log' }),
  root: HashField,
  signed_size: Type.Integer({
    description: 'How many of them, from the first on, a checkpoint vouches for; the rest is in order only',
  }),
  problem: Nullable(
    Type.Object({
      kind: Type.Union(
        PROBLEM_KINDS.map((kind) => Type.Literal(kind)),
        { description: 'What was done to an event; or what around the events is not as it was' },
      ),
      sequence: Nullable(Type.Integer(), { description: 'The first event at fault' }),
      up_to: Nullable(Type.Integer(), {
        description: 'Where it cannot be told exactly, it is one from `sequence` to here',
      }),
      message: Type.String(),
    }),
  ),
});

/** Verifies the stored log. */
export function verifyRoute<E>(api: Api, audit: LogAudit<E>, place: AuditPlace): void {
  api.get(
    `${place.path}/verify`,
    {
      config: { permission: place.read },
      schema: {
        operationId: `verify${place.noun}`,
        description:
          'Recomputes the Merkle tree of the log from what is stored and holds it against every checkpoint. Who does not trust this process verifies an export instead.',
        response: { 200: VerificationView },
      },
    },
    async () => {
      const { valid, size, root, signedSize, problem } = await audit.verify();
      return {
        valid,
        size,
        root: root.toString('base64'),
        signed_size: signedSize,
        problem:
          problem === undefined
            ? null
            : {
                kind: problem.kind,
                sequence: problem.sequence,
                up_to: problem.upTo,
                message: problem.message,
              },
      };
    },
  );
}
