/** How secrets are told apart and sealed. */
export interface Sealing {
  fingerprint(plaintext: string): string;
  /** Resolves with the sealed text. */
  seal(plaintext: string): Promise<string>;
}

/** In clear, or the one that is there. */
export type GivenSecret = string | { readonly fingerprint: string };

export const fingerprintOf = (given: GivenSecret, sealing: Sealing): string =>
  typeof given === 'string' ? sealing.fingerprint(given) : given.fingerprint;

export const UNKNOWN_SECRET =
  'no such secret is there: send it in clear, or leave it out to keep what there is';
