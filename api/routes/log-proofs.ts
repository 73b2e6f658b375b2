import { Type } from '@sinclair/typebox';
import type { MerkleTree } from '../../config/index.ts';
import type { LogAudit } from '../audit/index.ts';
import { validationFailed } from '../errors.ts';
import type { Api } from '../http/type-provider.ts';
import type { AuditPlace } from './log-audit.ts';
import { HashField, Nullable } from './shared.ts';

const SizeField = (description: string) =>
  Type.String({
    pattern: '^[1-9][0-9]{0,14}$',
    description,
    errorMessage: 'Expected a number of events, from 1',
  });

const InclusionQuery = Type.Object(
  {
    sequence: SizeField('Of the event'),
    size: Type.Optional(SizeField('Of the tree it is to be shown in. Left out: all events')),
  },
  { additionalProperties: false },
);

const ConsistencyQuery = Type.Object(
  {
    from: SizeField('Of the earlier tree'),
    to: Type.Optional(SizeField('Of the later tree. Left out: all events')),
  },
  { additionalProperties: false },
);

const ProofField = Type.Array(HashField, { description: 'As RFC 6962 has it, sections 2.1.1 and 2.1.2' });
const CheckpointField = Nullable(Type.String(), {
  description: 'The signed note of the tree, if it was signed at that size',
});

const InclusionView = Type.Object({
  sequence: Type.Integer(),
  size: Type.Integer(),
  leaf_hash: HashField,
  hashes: ProofField,
  root: HashField,
  checkpoint: CheckpointField,
});

const ConsistencyView = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  hashes: ProofField,
  from_root: HashField,
  to_root: HashField,
  from_checkpoint: CheckpointField,
  to_checkpoint: CheckpointField,
});

const base64 = (hash: Buffer): string => hash.toString('base64');

/** Proofs that whoever keeps a checkpoint can check without the log. */
export function proofRoutes<E>(api: Api, audit: LogAudit<E>, place: AuditPlace): void {
  async function checkpointOf(size: number): Promise<string | null> {
    return (await audit.checkpoints()).find((each) => each.size === size)?.note ?? null;
  }

  api.get(
    `${place.path}/proof/inclusion`,
    {
      config: { permission: place.read },
      schema: {
        operationId: `get${place.noun}ProofInclusion`,
        description: 'That an event is in the log.',
        querystring: InclusionQuery,
        response: { 200: InclusionView },
      },
    },
    async ({ query }) => {
      const tree = await audit.tree();
      const size = sizeIn(tree, query.size, 'size');
      const sequence = sizeIn(tree, query.sequence, 'sequence', size);
      return {
        sequence,
        size,
        leaf_hash: base64(tree.leaf(sequence - 1)),
        hashes: tree.inclusionProof(sequence - 1, size).map(base64),
        root: base64(tree.root(size)),
        checkpoint: await checkpointOf(size),
      };
    },
  );

  api.get(
    `${place.path}/proof/consistency`,
    {
      config: { permission: place.read },
      schema: {
        operationId: `get${place.noun}ProofConsistency`,
        description: 'That the log at one size begins with the log at another.',
        querystring: ConsistencyQuery,
        response: { 200: ConsistencyView },
      },
    },
    async ({ query }) => {
      const tree = await audit.tree();
      const to = sizeIn(tree, query.to, 'to');
      const from = sizeIn(tree, query.from, 'from', to);
      return {
        from,
        to,
        hashes: tree.consistencyProof(from, to).map(base64),
        from_root: base64(tree.root(from)),
        to_root: base64(tree.root(to)),
        from_checkpoint: await checkpointOf(from),
        to_checkpoint: await checkpointOf(to),
      };
    },
  );
}

/** A size, or a sequence, of at most `limit`; all events if none is given. */
function sizeIn(tree: MerkleTree, text: string | undefined, path: string, limit = tree.size): number {
  const size = text === undefined ? limit : Number(text);
  if (size <= limit && size > 0) return size;
  throw validationFailed([{ path, code: 'INVALID', message: `Expected a number from 1 to ${limit}` }]);
}
