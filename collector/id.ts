/** A version 4 UUID. */
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Missing on plain HTTP, and before Safari 15.4. The address of an object ends with one in every browser.
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url.slice(-36);
}
