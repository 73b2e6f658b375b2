/**
 * Names of events. Sources spell one event in many ways (`Order Completed`, `order_completed`, `orderCompleted`), and
 * Google's vocabulary has names of its own (`purchase`); a mapping is written once, under any of them.
 */

/** Names that mean the same event. */
const ALIASES: readonly (readonly string[])[] = [
  ['page', 'Page Viewed', 'Page View'],
  ['screen', 'Screen Viewed', 'Screen View'],
  ['Signed Up', 'sign_up'],
  ['Logged In', 'Signed In', 'login'],
  ['Lead Generated', 'Lead Submitted', 'generate_lead'],
  ['Form Submitted', 'form_submit'],
  ['Subscription Started', 'Subscription Created'],
  ['Products Searched', 'Product Searched', 'search'],
  ['Product List Viewed', 'view_item_list'],
  ['Product Clicked', 'select_item'],
  ['Product Viewed', 'view_item'],
  ['Product Added', 'add_to_cart'],
  ['Product Removed', 'remove_from_cart'],
  ['Product Added to Wishlist', 'add_to_wishlist'],
  ['Cart Viewed', 'view_cart'],
  ['Checkout Started', 'begin_checkout'],
  ['Shipping Info Entered', 'add_shipping_info'],
  ['Payment Info Entered', 'add_payment_info'],
  ['Order Completed', 'purchase'],
  ['Order Refunded', 'refund'],
  ['Promotion Viewed', 'view_promotion'],
  ['Promotion Clicked', 'select_promotion'],
];

/** The form names are compared in: no case, no spaces, no `_ - .`. */
export function normalizeEventName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.-]+/gu, '');
}

/** Finds the entry for a name as an event spells it. A name's own entry wins over one under an alias. */
export function eventNameIndex<T>(
  entries: Iterable<readonly [name: string, entry: T]>,
): (name: string) => T | undefined {
  const index = new Map<string, T>();
  for (const [name, entry] of entries) index.set(normalizeEventName(name), entry);
  for (const aliases of ALIASES) {
    const names = aliases.map(normalizeEventName);
    const entry = names.map((name) => index.get(name)).find((found) => found !== undefined);
    if (entry === undefined) continue;
    for (const name of names) if (!index.has(name)) index.set(name, entry);
  }
  return remember((name) => index.get(normalizeEventName(name)));
}

/** Names repeat, and looking one up as it is spelt costs a tenth of normalising it. Names come from outside, so what
 * is remembered is bounded. */
const MAX_REMEMBERED = 2_000;
const MAX_REMEMBERED_LENGTH = 100;

function remember<T>(find: (name: string) => T | undefined): (name: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined || known.has(name)) return found;
    const entry = find(name);
    if (name.length <= MAX_REMEMBERED_LENGTH) {
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(name, entry);
    }
    return entry;
  };
}
