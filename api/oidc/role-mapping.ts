import { isRole, type Role } from '../../config/index.ts';

/** Which role comes with which value of a claim; the first that matches counts. */
export type RoleMapping = readonly { readonly value: string; readonly role: Role }[];

/** `signal-admins=admin`, ... Throws with what is wrong with one. Nobody becomes the owner that way: there is one,
 * and it is the owner who makes another. */
export function parseRoleMapping(entries: readonly string[]): RoleMapping {
  return entries.map((entry) => {
    const at = entry.lastIndexOf('=');
    const [value, role] = [entry.slice(0, at), entry.slice(at + 1)];
    if (at < 1 || !isRole(role) || role === 'owner')
      throw new Error(`"${entry}" is not <value>=<role> with a role of admin, editor, viewer or auditor`);
    return { value, role };
  });
}

/** `claim`: a text or a list of them, as the provider gives it. */
export function mappedRole(mapping: RoleMapping, claim: unknown): Role | undefined {
  const values = Array.isArray(claim) ? claim : [claim];
  return mapping.find(({ value }) => values.includes(value))?.role;
}
