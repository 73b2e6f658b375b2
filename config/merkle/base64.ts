/** Decodes base64 (RFC 4648, section 4) that is written the one right way; undefined otherwise. Signed text must not
 * have several spellings of one meaning, and `Buffer.from` skips over whatever it does not know. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
