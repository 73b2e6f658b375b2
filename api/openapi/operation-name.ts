/** What an operation is called by generated clients, unless its route says so itself: `listSources`, `createSource`,
 * `getSource`, `rotateKeyOfSource`. `path` as routes state it, below the API's prefix: `/sources/:id`. */
export function operationId(method: string, path: string, answersPages: boolean): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const isParam = (segment: string | undefined): boolean => segment?.startsWith(':') === true;
  const isAction = method === 'POST' && segments.some(isParam) && !isParam(segments.at(-1));
  const nouns = (isAction ? segments.slice(0, -1) : segments).flatMap((segment, index, all) => {
    if (isParam(segment)) return [];
    const isOne = isParam(all[index + 1]) || (method === 'POST' && index === all.length - 1);
    return [pascalCase(isOne ? singular(segment) : segment)];
  });
  if (isAction) return `${camelCase(segments.at(-1) ?? '')}Of${nouns.join('')}`;
  return `${verbOf(method, answersPages)}${nouns.join('')}`;
}

/** `listSources` → `List sources`. */
export function summaryOf(id: string): string {
  const words = id.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function verbOf(method: string, answersPages: boolean): string {
  switch (method) {
    case 'GET':
      return answersPages ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'replace';
    case 'PATCH':
      return 'update';
    default:
      return method.toLowerCase();
  }
}

const camelCase = (segment: string): string =>
  segment.replaceAll(/[^a-z0-9]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const pascalCase = (segment: string): string => {
  const camel = camelCase(segment);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
};

const singular = (noun: string): string => noun.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
