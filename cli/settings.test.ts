import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FLAGS, readSettings } from './settings.ts';

function settingsFile(content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'signal-settings-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'signal.env');
  writeFileSync(file, content);
  return file;
}

describe('settings', () => {
  it('have the defaults that are documented', () => {
    expect(readSettings({})).toMatchObject({
      dataDir: './data',
      gatewayPort: 8080,
      apiPort: 8084,
      flush: 'disk',
      maxBatchSize: 500,
      maxPayloadSize: 524_288,
      corsOrigins: ['*'],
      allowedCidrs: [],
      adminToken: undefined,
    });
  });

  it('are taken from a flag before the environment before the file before the default', () => {
    const file = settingsFile('API_PORT=1\nGATEWAY_PORT=1\nMAX_BATCH_SIZE=1\n');
    const env = { API_PORT: '2', GATEWAY_PORT: '2' };
    const settings = readSettings({ flags: { apiPort: '3' }, env, file });
    expect(settings).toMatchObject({ apiPort: 3, gatewayPort: 2, maxBatchSize: 1, partitions: 4 });
  });

  it('may be lists', () => {
    expect(readSettings({ env: { CORS_ORIGINS: 'https://a.com, https://b.com' } }).corsOrigins).toEqual([
      'https://a.com',
      'https://b.com',
    ]);
  });

  it.each([
    [{ API_PORT: '70000' }, 'environment variable API_PORT: "70000" is not a whole number from 0 to 65535'],
    [{ API_PORT: '0x50' }, 'environment variable API_PORT: "0x50" is not a whole number from 0 to 65535'],
    [
      { MAX_BATCH_SIZE: 'many' },
      'environment variable MAX_BATCH_SIZE: "many" is not a whole number 1 or more',
    ],
    [
      { CORS_ORIGINS: 'https://a.example, shop.example' },
      'environment variable CORS_ORIGINS: "shop.example" is no origin such as https://shop.example, without a path',
    ],
    [{ CORS_ORIGINS: 'https://shop.example/' }, '"https://shop.example/" is no origin'],
    [{ TRUSTED_PROXIES: '10.0.0.0/' }, 'TRUSTED_PROXIES: "10.0.0.0/" is no address and no CIDR range'],
    [{ COOKIE_DOMAIN: 'co.uk' }, 'COOKIE_DOMAIN: "co.uk" is no domain that browsers keep cookies for'],
    [{ SIGNAL_FLUSH: 'never' }, 'environment variable SIGNAL_FLUSH: "never" is none of disk, os'],
  ])('that make no sense are refused by name: %j', (env, message) => {
    expect(() => readSettings({ env })).toThrow(message);
  });

  it('that are secret cannot be given where other users of the machine see them', () => {
    expect(FLAGS.map((flag) => flag.name)).not.toContain('adminToken');
    expect(FLAGS.map((flag) => flag.name)).not.toContain('encryptionKey');
  });

  it('name the file they cannot be read from', () => {
    expect(() => readSettings({ file: '/nowhere/signal.env' })).toThrow('cannot read /nowhere/signal.env');
  });
});
