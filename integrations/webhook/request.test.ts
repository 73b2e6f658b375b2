import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Batch, Secrets } from '../integration.ts';
import type { JsonObject } from '../json.ts';
import { withDefaults } from '../settings.ts';
import { webhook } from './index.ts';

const item = (id: string) => ({
  messageId: id,
  deduplicationId: `${id}:1`,
  vendorEvent: 'x',
  payload: `{"messageId":"${id}"}`,
});
const batch = (...ids: string[]): Batch => ({
  id: 'b1',
  createdAt: Date.UTC(2026, 5, 6),
  items: ids.map(item),
});

const send = (settings: JsonObject, secrets: Secrets = {}, items: Batch = batch('a')) =>
  webhook.request({
    batch: items,
    settings: withDefaults(webhook, { url: 'https://example.com/x', ...settings }),
    secrets,
    now: 1_780_000_000_000,
  });

describe('a webhook request', () => {
  test('carries one event with its deduplication id in body and header', () => {
    expect(send({})).toEqual({
      method: 'POST',
      url: 'https://example.com/x',
      headers: { 'content-type': 'application/json', 'x-signal-deduplication-id': 'a:1' },
      body: '{"deduplicationId":"a:1","messageId":"a"}',
    });
  });

  test('carries a batch when batching is on, even of one', () => {
    const { body, headers } = send({ batch_enabled: true, method: 'PUT' }, {}, batch('a', 'b'));
    expect(JSON.parse(body)).toEqual({
      batchId: 'b1',
      sentAt: '2026-06-06T00:00:00.000Z',
      batch: [
        { deduplicationId: 'a:1', messageId: 'a' },
        { deduplicationId: 'b:1', messageId: 'b' },
      ],
    });
    expect(headers).not.toHaveProperty('x-signal-deduplication-id');
    expect(JSON.parse(send({ batch_enabled: true }).body).batch).toHaveLength(1);
  });

  test('has the headers asked for', () => {
    expect(send({ headers: { 'X-Team': 'growth' } }).headers).toMatchObject({ 'x-team': 'growth' });
  });

  test('authenticates by bearer token and by Basic', () => {
    expect(send({ authentication: 'bearer' }, { auth_token: 't' }).headers.authorization).toBe('Bearer t');
    const basic = send({ authentication: 'basic', basic_username: 'ü' }, { basic_password: 'p' });
    expect(basic.headers.authorization).toBe(`Basic ${Buffer.from('ü:p').toString('base64')}`);
  });

  test('is signed over its timestamp and exact body', () => {
    const { headers, body } = send({ authentication: 'hmac' }, { hmac_secret: 's' });
    const expected = createHmac('sha256', 's').update(`1780000000000.${body}`).digest('hex');
    expect(headers).toMatchObject({ 'x-timestamp': '1780000000000', 'x-signature': `sha256=${expected}` });
  });

  test('encodes a deduplication id that a header cannot carry', () => {
    const odd = { ...item('a'), deduplicationId: 'é\r\nx: y\ud800' };
    const { headers } = send({}, {}, { ...batch(), items: [odd] });
    expect(headers['x-signal-deduplication-id']).toBe('%C3%A9%0D%0Ax%3A%20y%EF%BF%BD');
  });

  test('is one per event unless batching is on; retries can be turned off', () => {
    const limits = (settings: JsonObject) =>
      webhook.limits(withDefaults(webhook, { url: 'https://e.example', ...settings }));
    expect(limits({})).toMatchObject({ maxItems: 1, lingerMs: 0, maxAttempts: 6, timeoutMs: 30_000 });
    expect(limits({ batch_enabled: true, batch_size: 7 })).toMatchObject({ maxItems: 7, lingerMs: 5000 });
    expect(limits({ retry_enabled: false })).toMatchObject({ maxAttempts: 1 });
  });
});
