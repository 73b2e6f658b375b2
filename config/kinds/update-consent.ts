import { CONSENT_ID } from '../ids.ts';
import { isConsentCategory } from '../integrations.ts';
import { accepted, commandKind, eventKind, rejected } from '../kind.ts';
import { type Rejection, reject } from '../rejections.ts';
import { CONSENT_POLICIES, isConsentPolicy } from '../resources/consent.ts';
import { changed } from '../resources/resource.ts';

const MAX_CODES = 500;
/** As consent platforms have them, blanks among them. */
const CODE = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

export const updateConsent = commandKind('signal.config.UpdateConsent', ({ consent }, command, meta) => {
  if (meta.resourceId !== CONSENT_ID)
    return rejected(reject('INVALID_ID', 'resourceId', `the rules of consent are called ${CONSENT_ID}`));
  const categories = command.categories ?? Object.fromEntries(consent.categories);
  const defaultPolicy = command.defaultPolicy ?? consent.defaultPolicy;
  const fault = categoriesFault(Object.entries(categories));
  if (fault !== undefined) return rejected(fault);
  if (!isConsentPolicy(defaultPolicy))
    return rejected(
      reject('UNKNOWN_POLICY', 'defaultPolicy', `the policy must be one of ${CONSENT_POLICIES.join(', ')}`),
    );
  const same =
    defaultPolicy === consent.defaultPolicy &&
    Object.keys(categories).length === consent.categories.size &&
    Object.entries(categories).every(([code, category]) => consent.categories.get(code) === category);
  if (same) return rejected(reject('NOTHING_CHANGED', null, 'the rules of consent are like that already'));
  return accepted({ 'signal.config.ConsentUpdated': { categories, defaultPolicy } });
});

export const consentUpdated = eventKind('signal.config.ConsentUpdated', 'consent.updated', {
  evolve: (state, event, meta) => ({
    ...state,
    consent: {
      ...changed(meta),
      categories: new Map(Object.entries(event.categories)),
      // A policy that is no longer known becomes the strictest one.
      defaultPolicy: isConsentPolicy(event.defaultPolicy) ? event.defaultPolicy : 'drop',
    },
  }),
  show: ({ categories, defaultPolicy }) => ({ categories: { ...categories }, defaultPolicy }),
});

function categoriesFault(categories: readonly (readonly [string, string])[]): Rejection | undefined {
  const bad = (message: string) => reject('INVALID_CONSENT_CATEGORY', 'categories', message);
  if (categories.length > MAX_CODES) return bad(`at most ${MAX_CODES} codes`);
  if (!categories.every(([code]) => CODE.test(code)))
    return bad('a code has 1 to 100 printable characters, no blank at its ends');
  if (!categories.every(([, category]) => isConsentCategory(category)))
    return bad('a category has 1 to 64 letters, digits and _ . : -');
  return undefined;
}
