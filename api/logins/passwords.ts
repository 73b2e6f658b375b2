import { hash, verify } from '@node-rs/argon2';
import { apiError } from '../errors.ts';

/** Argon2id, 19 MiB, 2 passes (OWASP Password Storage Cheat Sheet). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Each takes 20 ms and 19 MiB of a thread pool that the log needs as well. */
const AT_ONCE = 2;
const MAX_WAITING = 50;

/** Of nothing anybody types: for who is not there, to take the time it takes for who is. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$xzNjToB+e2CST/roV2vVng$JFWShwaXNKiKH9bztYuPTQKUM/A4bYHbwR7hCgjWz5w';

let running = 0;
const waiting: (() => void)[] = [];

/** In PHC string format. Rejects with `LOGIN_BUSY` if too many are under way. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(normal(password), COST));

/** `hashed`: undefined if there is none; the answer is no, after the same time. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  const isIt = await inTurn(() => verify(hashed ?? NOBODY, normal(password)));
  return isIt && hashed !== undefined;
}

/** The same characters, however the keyboard composes them (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw apiError('LOGIN_BUSY');
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
