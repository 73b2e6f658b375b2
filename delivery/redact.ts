import type { Secrets } from '../integrations/index.ts';

/** Shorter ones are not credentials, and would tear every text apart. */
const MIN_SECRET_LENGTH = 4;

/** A vendor's words without the credentials it was sent, which some vendors repeat in their errors. */
export function redact(text: string, secrets: Secrets): string {
  let clean = text;
  for (const secret of Object.values(secrets)) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    const forms = [secret, encodeURIComponent(secret), base64(secret), base64(`${secret}:`)];
    for (const form of forms) clean = clean.replaceAll(form, '[redacted]');
  }
  return clean;
}

/** Without the last characters, which depend on what follows. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '');
}
