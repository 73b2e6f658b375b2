/** A version 4 UUID. Not `crypto.randomUUID`: that is missing on plain HTTP, and before Safari 15.4. */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => (byte + 0x100).toString(16).slice(1)).join('');
  // The version's digit is 4; the variant's is one of 8, 9, a and b.
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, '$1-$2-4$3-a$4-$5');
}
