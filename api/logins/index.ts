export { LOGINS_TOPIC, LoginLog, type LoginLogOptions } from './login-log.ts';
export { hashPassword } from './passwords.ts';
export { looksLikeJwt, SessionTokens } from './session-tokens.ts';
export { type LoginOutcome, Sessions, type SessionsOptions, type TokenPair } from './sessions.ts';
