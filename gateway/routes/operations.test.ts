import { Gauge } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../testing/harness.ts';

describe('operation endpoints', () => {
  let gateway: TestGateway;
  let ready = true;
  beforeEach(async () => {
    ready = true;
    gateway = await startGateway({ isReady: () => ready });
  });
  afterEach(() => gateway.close());

  it('say that the process is alive, and whether it may be sent traffic', async () => {
    ready = false;
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    ready = true;
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  });

  it.each([
    ['up', 200, 'ready'],
    ['degraded', 200, 'degraded'],
    ['full', 503, 'not ready'],
  ] as const)('say when the log is replaced by the spool: %s', async (state, status, says) => {
    const other = await startGateway({ log: { append: async () => {}, state } });
    const answer = await fetch(`${other.url}/readyz`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status: says });
    await other.close();
  });

  it('give the metrics that can be had when another cannot', async () => {
    const { register } = gateway;
    for (const [name, collect] of [
      ['silent', () => new Promise<void>(() => {})],
      ['broken', () => Promise.reject(new Error('the log is down'))],
    ] as const) {
      new Gauge({ name, help: 'x', registers: [register], collect });
    }
    const response = await fetch(`${gateway.url}/metrics`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('signal_gateway_pending_bytes 0');
  });

  it('give metrics in Prometheus’ format', async () => {
    await fetch(`${gateway.url}/healthz`);
    const response = await fetch(`${gateway.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain(
      'signal_gateway_requests_total{endpoint="/healthz",status="200"} 1',
    );
  });
});
