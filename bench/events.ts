import { randomUUID } from 'node:crypto';

/** An event as a browser sends it, of about 1 KB of JSON. */
export function browserEvent(visitors: number): Record<string, unknown> {
  const visitor = Math.floor(Math.random() * visitors);
  return {
    type: 'track',
    event: 'Content Viewed',
    anonymousId: `df_bench-${visitor}`,
    messageId: `evt_${randomUUID()}`,
    timestamp: new Date().toISOString(),
    properties: {
      content_id: `article-${visitor % 997}`,
      content_name: 'How to measure what a machine does when it is asked to do a lot of it at once',
      category: 'engineering/benchmarks',
      value: 12.5,
      currency: 'USD',
      tags: ['benchmark', 'throughput', 'latency', 'memory'],
    },
    context: {
      page: {
        url: 'https://shop.example.com/articles/how-to-measure?utm_source=newsletter&utm_medium=email&utm_campaign=autumn',
        path: '/articles/how-to-measure',
        referrer: 'https://www.example.org/search?q=how+to+measure',
        title: 'How to measure',
        search: '?utm_source=newsletter&utm_medium=email&utm_campaign=autumn',
      },
      campaign: { source: 'newsletter', medium: 'email', name: 'autumn' },
      locale: 'en-GB',
      timezone: 'Europe/Copenhagen',
      screen: { width: 1512, height: 982, density: 2 },
      consent: { categories: { analytics: true, marketing: false } },
      library: { name: 'datafly.js', version: '0.1.0' },
    },
  };
}

/** Bodies of `/v1/batch`, prepared so that making them costs the measurement nothing. */
export function batchBodies(options: {
  readonly count: number;
  readonly size: number;
  readonly visitors: number;
}): string[] {
  return Array.from({ length: options.count }, () =>
    JSON.stringify({
      batch: Array.from({ length: options.size }, () => browserEvent(options.visitors)),
      sentAt: new Date().toISOString(),
    }),
  );
}
