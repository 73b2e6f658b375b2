import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { sourceNotFound, withSource } from '../sources.ts';

export const revokeSigningSecret = commandKind(
  'signal.config.RevokeSigningSecret',
  (state, { fingerprint }, { resourceId }) => {
    const source = state.sources.get(resourceId);
    if (source === undefined) return rejected(sourceNotFound(resourceId));
    if (!source.signingSecrets.some((live) => live.fingerprint === fingerprint))
      return rejected(
        reject(
          'UNKNOWN_SIGNING_SECRET',
          'fingerprint',
          `${source.id} has no such live secret; see signing_secrets`,
        ),
      );
    return accepted({ 'signal.config.SigningSecretRevoked': { sourceId: source.id, fingerprint } });
  },
);

export const signingSecretRevoked = eventKind(
  'signal.config.SigningSecretRevoked',
  'source.signing_secret_revoked',
  {
    evolve: (state, { sourceId, fingerprint }, meta) =>
      withSource(state, sourceId, ({ signingSecrets }) => ({
        ...changed(meta),
        signingSecrets: signingSecrets.filter((live) => live.fingerprint !== fingerprint),
      })),
    show: (event) => ({ ...event }),
  },
);
