export { admit } from './admit.ts';
export { type Identity, OidcLogin, type OidcSettings } from './oidc-login.ts';
export { parseRoleMapping, type RoleMapping } from './role-mapping.ts';
