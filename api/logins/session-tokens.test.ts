import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { ACCESS_SECONDS, SessionTokens } from './session-tokens.ts';

const KEY = Buffer.alloc(32, 1);
const NOW = 1_700_000_000_000;
const tokens = new SessionTokens(KEY);
const claims = { userId: 'usr_1', sessionId: 's1' };

const signed = (payload: object, key: Uint8Array = KEY, issuer = 'signal'): Promise<string> =>
  new SignJWT({ sid: 's1', type: 'access', ...payload })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setSubject('usr_1')
    .setIssuedAt(NOW / 1000)
    .setExpirationTime(NOW / 1000 + 60)
    .sign(key);

describe('the tokens of a login', () => {
  it('say who it is, for a quarter of an hour', async () => {
    const token = await tokens.access(claims, NOW);
    expect(ACCESS_SECONDS).toBe(900);
    expect(await tokens.readAccess(token, NOW + 899_000)).toMatchObject({ claims });
    expect(await tokens.readAccess(token, NOW + 900_000)).toEqual({ fault: 'expired' });
  });

  it('are not taken for one another', async () => {
    const refresh = await tokens.refresh({ ...claims, generation: 3 }, NOW, NOW + 10_000);
    expect(await tokens.readRefresh(refresh, NOW)).toEqual({ claims: { ...claims, generation: 3 } });
    expect(await tokens.readAccess(refresh, NOW)).toEqual({ fault: 'invalid' });
    expect(await tokens.readRefresh(await tokens.access(claims, NOW), NOW)).toEqual({ fault: 'invalid' });
  });

  it('count only as they were signed', async () => {
    expect(await tokens.readAccess(await signed({}), NOW)).toMatchObject({ claims });
    const [header, , signature] = (await signed({})).split('.');
    const payload = Buffer.from('{"sub":"usr_2","sid":"s1","type":"access","iss":"signal"}').toString(
      'base64url',
    );
    const unsecured = new UnsecuredJWT({ sid: 's1', type: 'access' })
      .setIssuer('signal')
      .setSubject('usr_1')
      .setIssuedAt(NOW / 1000)
      .setExpirationTime(NOW / 1000 + 60)
      .encode();
    for (const forged of [
      await signed({}, Buffer.alloc(32, 2)),
      await signed({}, KEY, 'elsewhere'),
      await signed({ sid: 5 }),
      await signed({ type: undefined }),
      `${header}.${payload}.${signature}`,
      unsecured,
      '',
      'a.b.c',
    ])
      expect(await tokens.readAccess(forged, NOW)).toEqual({ fault: 'invalid' });
  });
});
