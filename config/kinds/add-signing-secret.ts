import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { reject } from '../rejections.ts';
import { changed } from '../resources/resource.ts';
import { sourceNotFound, withSource } from '../sources.ts';

export const addSigningSecret = commandKind(
  'signal.config.AddSigningSecret',
  (state, { secret, fingerprint }, { resourceId }) => {
    const source = state.sources.get(resourceId);
    if (source === undefined) return rejected(sourceNotFound(resourceId));
    const [newest, oldest] = source.signingSecrets;
    if (source.signingSecrets.some((live) => live.fingerprint === fingerprint))
      return rejected(reject('NOTHING_CHANGED', null, `${source.id} has this secret already`));
    if (newest !== undefined && oldest !== undefined)
      return rejected(
        reject(
          'SECRET_ROTATION_UNFINISHED',
          null,
          `${source.id} has two secrets already: revoke ${oldest.fingerprint} first`,
        ),
      );
    return accepted({ 'signal.config.SigningSecretAdded': { sourceId: source.id, secret, fingerprint } });
  },
);

export const signingSecretAdded = eventKind(
  'signal.config.SigningSecretAdded',
  'source.signing_secret_added',
  {
    evolve: (state, { sourceId, secret, fingerprint }, meta) =>
      withSource(state, sourceId, ({ signingSecrets }) => ({
        ...changed(meta),
        signingSecrets: [{ sealed: secret, fingerprint, createdAt: meta.time }, ...signingSecrets],
      })),
    show: ({ sourceId, fingerprint }) => ({ sourceId, fingerprint }),
  },
);
