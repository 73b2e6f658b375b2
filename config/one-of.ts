/** The member of the list that a text is, if it is one. */
export const oneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T | undefined =>
    known.find((each) => each === text);

/** For messages. */
export const listed = (known: readonly string[]): string => known.join(', ');

/** Where something stands for the second time, if so. */
export function repeated(texts: readonly string[]): number | undefined {
  const at = texts.findIndex((text, index) => texts.indexOf(text) !== index);
  return at === -1 ? undefined : at;
}

/** Names through which a careless merge would reach `Object.prototype`. */
export const isDangerousName = (name: string): boolean =>
  name === '__proto__' || name === 'constructor' || name === 'prototype';
