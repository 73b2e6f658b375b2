import { Document, isMap, isNode } from 'yaml';

/** The configuration as the API tells it: secrets by their fingerprints. */
export interface ConfigState {
  readonly sources?: readonly {
    readonly name: string;
    readonly signing_secrets?: readonly Fingerprint[];
  }[];
  readonly integrations?: readonly {
    readonly name: string;
    readonly secrets?: Readonly<Record<string, Fingerprint>>;
  }[];
}

interface Fingerprint {
  readonly fingerprint: string;
}

const HEAD = ` The configuration of Signal, without users, tokens and secrets. What it says can be applied:
   signal apply -f <this file> --plan
 Secrets are read from the environment variables that are named here. Leave out those that are to stay.`;

/** As a file that `signal apply` takes. In the place of each secret stands the name of an environment variable. */
export function toYaml(state: ConfigState): string {
  const variables = new Variables();
  const document = new Document(state, {
    version: '1.2',
    // Other tools read YAML 1.1, in which a bare `yes` or `on` is no text.
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  const refer = (
    path: readonly (string | number)[],
    secret: Fingerprint,
    ...words: readonly string[]
  ): void => {
    const reference = document.createNode({ env: variables.name(words) });
    if (isMap(reference)) reference.flow = true;
    if (isNode(reference)) reference.comment = ` ${secret.fingerprint}`;
    document.setIn(path, reference);
  };
  for (const [index, { name, signing_secrets = [] }] of (state.sources ?? []).entries())
    for (const [at, secret] of signing_secrets.entries())
      refer(['sources', index, 'signing_secrets', at], secret, name, 'signing_secret');
  for (const [index, { name, secrets = {} }] of (state.integrations ?? []).entries())
    for (const [key, secret] of Object.entries(secrets))
      refer(['integrations', index, 'secrets', key], secret, name, key);
  document.commentBefore = HEAD;
  return document.toString({ lineWidth: 0 });
}

/** Names for environment variables, each given once. */
class Variables {
  private readonly given = new Set<string>();

  name(words: readonly string[]): string {
    const text = words
      .map((word) => word.normalize('NFKD').replaceAll(/\p{M}/gu, ''))
      .map((word) => word.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, ''))
      .filter((word) => word !== '')
      .join('_')
      .toUpperCase();
    const base = /^[A-Z]/.test(text) ? text : `SECRET_${text}`;
    let name = base;
    for (let count = 2; this.given.has(name); count++) name = `${base}_${count}`;
    this.given.add(name);
    return name;
  }
}
