import { expect, test } from 'vitest';
import { dreamdata } from './index.ts';

const batch = {
  id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  createdAt: Date.UTC(2026, 5, 6, 11, 11, 20),
  items: ['{"a":1}', '{"b":2}'].map((payload, index) => ({
    messageId: `m${index}`,
    deduplicationId: `d${index}`,
    vendorEvent: 'page',
    payload,
  })),
};

test('a Dreamdata request is a batch with Basic authentication by the key alone', () => {
  expect(dreamdata.request({ batch, settings: {}, secrets: { api_key: 'key-1' }, now: 0 })).toEqual({
    method: 'POST',
    url: 'https://api.dreamdata.cloud/v1/batch',
    headers: { authorization: 'Basic a2V5LTE6', 'content-type': 'application/json' },
    body: '{"messageId":"7c9e6679-7425-40de-944b-e07fc1f90ae7","sentAt":"2026-06-06T11:11:20.000Z","batch":[{"a":1},{"b":2}]}',
  });
});

test('the base URL can be another', () => {
  const { url } = dreamdata.request({
    batch,
    settings: { endpoint: 'http://127.0.0.1:9/x/' },
    secrets: {},
    now: 0,
  });
  expect(url).toBe('http://127.0.0.1:9/x/v1/batch');
});

test('a request stays under 500,000 bytes with its envelope', () => {
  expect(dreamdata.limits({}).maxBytes).toBeLessThan(500_000);
});
