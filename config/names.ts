import { type Rejection, reject } from './rejections.ts';
import type { ConfigState } from './state.ts';

export type NamedKind = 'source' | 'integration' | 'token';
type UniqueKind = NamedKind | 'email' | 'script';

const MAX_NAME = 200;
/** Control and format characters, line separators: they make two names look like one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Names are unique per kind, whatever their case. */
export function nameKey(kind: UniqueKind, name: string): string {
  return `${kind} ${name.normalize('NFKC').toLowerCase()}`;
}

/** Why a resource of this kind, `self` or a new one, cannot have the name, if so. */
export function nameFault(
  state: ConfigState,
  kind: NamedKind,
  name: string,
  self?: string,
): Rejection | undefined {
  const fault = formFault(name);
  if (fault !== undefined) return fault;
  const holder = state.names.get(nameKey(kind, name));
  if (holder !== undefined && holder !== self)
    return reject(
      'NAME_TAKEN',
      'name',
      `the ${kind} ${holder} is already named "${name}"; choose another name`,
    );
  return undefined;
}

/** Why nothing can have the name, if so. */
export function formFault(name: string): Rejection | undefined {
  if (name.trim() === '' || name !== name.trim())
    return reject('INVALID_NAME', 'name', 'a name must not be empty or begin or end with a space');
  if (name.length > MAX_NAME)
    return reject(
      'INVALID_NAME',
      'name',
      `a name has at most ${MAX_NAME} characters, this has ${name.length}`,
    );
  if (UNSEEN.test(name))
    return reject('INVALID_NAME', 'name', 'a name must not hold control or invisible characters');
  return undefined;
}

/** The names after a resource of this kind was renamed. */
export const renamed = (
  names: ConfigState['names'],
  kind: UniqueKind,
  resource: { readonly id: string; readonly name: string },
  name: string,
): ConfigState['names'] => names.delete(nameKey(kind, resource.name)).set(nameKey(kind, name), resource.id);
