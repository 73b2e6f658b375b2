export type Encoding = 'br' | 'gzip' | 'identity';

/** The smallest that the client accepts (RFC 9110, 12.5.3); a client that says nothing gets it plain. */
export function chooseEncoding(header: string | undefined): Encoding {
  const accepted = new Map<string, boolean>();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    accepted.set(name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)));
  }
  const accepts = (name: Encoding) => accepted.get(name) ?? accepted.get('*') ?? false;
  if (accepts('br')) return 'br';
  return accepts('gzip') ? 'gzip' : 'identity';
}
