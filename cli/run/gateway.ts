import { configuredSources } from '../../gateway/index.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';
import type { Outage } from './outage.ts';
import { serveGateway } from './serve-gateway.ts';
import { SigningSecrets } from './signing-secrets.ts';

/** Resolves with the base URL. */
export async function startGateway(
  foundation: Foundation,
  closers: Closers,
  outage: Outage | undefined,
): Promise<string> {
  const { settings, projection, log, serdes, logger, register, vault } = foundation;
  const signingSecrets = await SigningSecrets.start({
    projection,
    open: (sealed) => vault.open(sealed),
    onError: (source, error) =>
      logger.error(
        { err: error, source },
        'a signing secret cannot be read yet; callers are told to come again',
      ),
  });
  closers.add('signing secrets', async () => signingSecrets.close());
  const config = configuredSources(
    projection,
    (source) => signingSecrets.of(source),
    (source) => signingSecrets.lacks(source),
  );
  if (outage === undefined) {
    return serveGateway({ settings, logger, register, store: log, serde: serdes.rawEvent, config }, closers);
  }
  await outage.end(foundation, signingSecrets, closers);
  return outage.serve({ settings, logger, register, serde: serdes.rawEvent, config }, closers);
}
