/** What one process may do. With the embedded log one process usually does it all. */
export const ROLES = ['gateway', 'processor', 'delivery', 'api'] as const;

export type Role = (typeof ROLES)[number];

/** `text`: role names separated by commas. Throws naming the one that is none. */
export function parseRoles(text: string): ReadonlySet<Role> {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const roles = names.map((name) => {
    const role = ROLES.find((each) => each === name);
    if (role === undefined) throw new Error(`"${name}" is no role; roles are ${ROLES.join(', ')}`);
    return role;
  });
  if (roles.length === 0) throw new Error(`no role is given; roles are ${ROLES.join(', ')}`);
  return new Set(roles);
}
