/** A version 4 UUID. Not `crypto.randomUUID`: that is missing on plain HTTP, and before Safari 15.4. */
export function uuid(): string {
  // 0 and 1 become any digit; 8, the variant's, one of 8, 9, a and b; the version's 4 stays.
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16);
  });
}
