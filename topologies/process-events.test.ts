import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ConsentPolicy, EMPTY_STATE } from '../config/index.ts';
import { compileMapping, findVendor } from '../integrations/index.ts';
import { memoryRegistry, serdes, TopologyTestDriver } from '../streams/index.ts';
import type { ActivePipeline } from './pipelines/index.ts';
import { processEvents } from './process-events.ts';
import { recordSerdes } from './record-serdes.ts';
import { rawEvent, trackEvent } from './testing/events.ts';

const records = await recordSerdes(memoryRegistry());

function pipelineTo(vendorKey: string, variantKey: string, consentCategories: string[]): ActivePipeline {
  const variant = findVendor(vendorKey)?.variants.find((each) => each.key === variantKey);
  if (variant === undefined) throw new Error(`${vendorKey} has no variant ${variantKey}`);
  const mapping = compileMapping(variant.mapping);
  return {
    pipelineId: `pip_${vendorKey}`,
    integrationId: `int_${vendorKey}`,
    revision: 1,
    consentCategories,
    mapping,
  };
}

const DREAMDATA = pipelineTo('dreamdata', 'b2b_saas', ['analytics']);
const WEBHOOK = pipelineTo('webhook', 'default', ['analytics', 'marketing']);

function driven(active: readonly ActivePipeline[] = [DREAMDATA, WEBHOOK], defaultPolicy?: ConsentPolicy) {
  const consent = { ...EMPTY_STATE.consent, ...(defaultPolicy === undefined ? {} : { defaultPolicy }) };
  const driver = new TopologyTestDriver(
    processEvents({
      serdes: records,
      rulesAt: () => ({ ...EMPTY_STATE, consent }),
      pipelinesOf: () => active,
    }),
  );
  const key = serdes.string();
  let sent = 0;
  const input = driver.input('raw-events', key, records.rawEvent);
  return {
    driver,
    send: (parts: Parameters<typeof trackEvent>[0], raw: Parameters<typeof rawEvent>[1] = {}) => {
      const event = trackEvent({ messageId: `evt_auto_${++sent}`, ...parts });
      input.send(event.anonymousId, rawEvent(event, raw), {
        timestamp: raw.receivedAt ?? 2_000,
        headers: [['message-id', Buffer.from(event.messageId)]],
      });
    },
    requestsTo: (vendor: string) =>
      driver.output(`delivery-int_${vendor}`, key, records.deliveryRequest).readAll(),
    results: () => driver.output('delivery-results', key, records.deliveryResult).readAll(),
    enriched: () => driver.output('enriched-events', key, records.enrichedEvent).readAll(),
    rejected: () => driver.output('dlq-events', key, records.rejectedEvent).readAll(),
  };
}

const granted = { consent: { categories: {}, canonical: { analytics: true, marketing: true } } };
const denied = { consent: { categories: {}, canonical: { analytics: true, marketing: false } } };

describe('the event processor', () => {
  it("turns the founding document's example into exactly its Dreamdata item", () => {
    const [item] = dreamdataExample.request.body.batch;
    const flow = driven();
    const context = {
      ...granted,
      ip: item.context.ip,
      userAgent: item.context.userAgent,
      page: { path: null, search: null, ...item.context.page },
      campaign: { term: null, content: null, ...item.context.campaign },
    };
    const [[, userId, traits], [, event, properties]] = dreamdataExample.calls;
    const { anonymousId } = item;
    flow.send({
      messageId: 'evt_0',
      type: 'identify',
      event: null,
      anonymousId,
      userId,
      traits: JSON.stringify(traits),
      context,
    });
    flow.send({
      messageId: item.messageId,
      event,
      anonymousId,
      properties: JSON.stringify(properties),
      timestamp: Date.parse(item.timestamp),
      context,
    });
    const requests = flow.requestsTo('dreamdata').map((record) => record.value);
    expect(requests.map((request) => JSON.parse(request?.payload ?? ''))).toEqual([item]);
  });

  it('delivers to an integration only when all its categories are granted, and says which were not', () => {
    const flow = driven();
    flow.send({ messageId: 'evt_a', context: denied });
    expect(flow.requestsTo('dreamdata')).toHaveLength(1);
    expect(flow.requestsTo('webhook')).toHaveLength(0);
    expect(flow.results()).toMatchObject([
      {
        key: 'int_webhook:evt_a',
        value: { status: 'filtered', reason: 'CONSENT_DENIED', detail: 'marketing', attempts: 0 },
      },
    ]);
  });

  it('says of an event without any consent that it is unknown', () => {
    const flow = driven([WEBHOOK]);
    flow.send({});
    expect(flow.results()).toMatchObject([
      { value: { reason: 'CONSENT_UNKNOWN', detail: 'analytics, marketing' } },
    ]);
  });

  it('says of an event the integration has no use for that it is not mapped', () => {
    const flow = driven([DREAMDATA]);
    flow.send({ event: 'Chair Rotated', context: granted });
    expect(flow.results()).toMatchObject([
      { value: { reason: 'EVENT_NOT_MAPPED', detail: 'Chair Rotated' } },
    ]);
  });

  it('puts an invalid event aside whole, and nowhere else', () => {
    const flow = driven();
    flow.send({ messageId: 'evt_1', event: null, context: granted });
    expect(flow.enriched()).toHaveLength(0);
    expect(flow.rejected()).toMatchObject([
      {
        key: 'df_1',
        value: {
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'event is required for a track event',
          raw: { event: { messageId: 'evt_1' }, sourceId: 'src_1' },
          source: { topic: 'raw-events', partition: 0, offset: 0 },
        },
      },
    ]);
  });

  it('neither joins nor remembers who it was, where an event without consent is to be stripped', () => {
    const flow = driven([], 'strip');
    const traits = '{"email":"ada@example.com"}';
    const ada = { type: 'identify', event: null, userId: 'ada', traits } as const;
    flow.send({ userId: 'eve', context: { clickIds: { gclid: 'x' } } });
    flow.send({ ...ada, context: granted });
    const [stripped, later] = flow.enriched().map((record) => record.value);
    expect(stripped).toMatchObject({
      event: { userId: null, context: { ip: null, clickIds: {} } },
      identity: { userId: null, traits: '{}', clickIds: {} },
    });
    expect(later).toMatchObject({ identity: { userId: 'ada', traits, clickIds: {} } });
  });

  it('puts an event without consent aside, where such events are to be dropped', () => {
    const flow = driven([WEBHOOK], 'drop');
    flow.send({});
    flow.send({ messageId: 'evt_2', context: granted });
    expect(flow.rejected()).toMatchObject([{ value: { code: 'CONSENT_UNKNOWN' } }]);
    expect(flow.requestsTo('webhook')).toHaveLength(1);
  });

  it('keeps the lineage from a delivery request to its raw event', () => {
    const flow = driven([WEBHOOK]);
    flow.send({ messageId: 'evt_0' });
    flow.send({ messageId: 'evt_1', context: granted });
    const [request] = flow.requestsTo('webhook');
    expect(request).toMatchObject({
      key: 'df_1',
      timestamp: 2_000,
      value: {
        messageId: 'evt_1',
        deduplicationId: 'evt_1',
        configVersion: 3,
        revision: 1,
        raw: { topic: 'raw-events', partition: 0, offset: 1 },
        enriched: { topic: 'enriched-events', partition: 0, offset: 1 },
      },
    });
    expect(request?.headers.map(([name, value]) => [name, value.toString()])).toEqual([
      ['message-id', 'evt_1'],
      ['integration-id', 'int_webhook'],
    ]);
  });
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const consentOf = (marketing: boolean) => ({ consent: { categories: { C0004: marketing }, canonical: {} } });

describe('a message that comes again', () => {
  it('is processed once, and stands among the results as a duplicate of no integration', () => {
    const flow = driven([WEBHOOK]);
    flow.send({ messageId: 'evt_a', context: granted });
    flow.send({ messageId: 'evt_a', context: granted }, { receivedAt: 3_000 });
    expect(flow.enriched()).toHaveLength(1);
    expect(flow.requestsTo('webhook')).toHaveLength(1);
    const [result, ...others] = flow.results();
    expect(others).toEqual([]);
    expect(result).toMatchObject({
      key: ':evt_a',
      value: {
        messageId: 'evt_a',
        integrationId: '',
        sourceId: 'src_1',
        status: 'filtered',
        reason: 'DUPLICATE',
        decidedAt: 3_000,
        raw: { topic: 'raw-events', partition: 0, offset: 1 },
      },
    });
    expect(result?.headers.map(([name, value]) => [name, value.toString()])).toEqual([
      ['message-id', 'evt_a'],
      ['integration-id', ''],
    ]);
  });

  it.each([
    ['a day less a second', 100 * DAY, DAY - 1_000, 1],
    ['a day', 100 * DAY, DAY, 2],
    ['a day less a second, over the end of a window', 105 * DAY - HOUR, DAY - 1_000, 1],
    ['a day, over the end of a window', 105 * DAY - HOUR, DAY, 2],
    ['three weeks', 100 * DAY, 21 * DAY, 2],
  ])('after %s', (_, first, later, times) => {
    const flow = driven([]);
    flow.send({ messageId: 'evt_a' }, { receivedAt: first });
    flow.send({ messageId: 'evt_a' }, { receivedAt: first + later });
    expect(flow.enriched()).toHaveLength(times);
  });

  it('is another message if another visitor or another source sends it', () => {
    const flow = driven([]);
    flow.send({ messageId: 'evt_a' });
    flow.send({ messageId: 'evt_a', anonymousId: 'df_2' });
    flow.send({ messageId: 'evt_a' }, { sourceId: 'src_2' });
    expect(flow.enriched()).toHaveLength(3);
  });

  it('may come again once what it was refused for has changed', () => {
    const flow = driven([], 'drop');
    flow.send({ messageId: 'evt_a' });
    flow.send({ messageId: 'evt_a', context: granted });
    expect([flow.rejected().length, flow.enriched().length]).toEqual([1, 1]);
  });

  it('is found among the last thousand of its visitor, in whatever order', () => {
    const flow = driven([]);
    const ids = Array.from({ length: 1_000 }, (_, i) => `evt_${i}`);
    for (const messageId of ids) flow.send({ messageId });
    expect(flow.enriched()).toHaveLength(1_000);
    for (const messageId of ids.toReversed()) flow.send({ messageId });
    expect(flow.enriched()).toHaveLength(0);
    expect(flow.results()).toHaveLength(1_000);
    flow.send({ messageId: 'evt_new' });
    flow.send({ messageId: 'evt_0' });
    expect(flow.enriched()).toHaveLength(2);
  });

  it('leaves nothing uncounted: every raw event is enriched, refused or filtered', () => {
    const flow = driven([WEBHOOK, DREAMDATA]);
    const sent = 60;
    for (let i = 0; i < sent; i++)
      flow.send({
        messageId: `evt_${i % 25}`,
        anonymousId: `df_${i % 5}`,
        event: i % 7 === 0 ? null : 'Signed Up',
      });
    const enriched = flow.enriched().length;
    const results = flow.results().map(({ value }) => value?.integrationId);
    const byOrg = results.filter((id) => id === '').length;
    expect(enriched + flow.rejected().length + byOrg).toBe(sent);
    expect(
      results.length - byOrg + flow.requestsTo('webhook').length + flow.requestsTo('dreamdata').length,
    ).toBe(2 * enriched);
  });
});

describe('what a visitor consents to', () => {
  it('is said by an event of its own, which no vendor hears of', () => {
    const flow = driven();
    flow.send({ messageId: 'evt_c', type: 'consent', event: null, context: granted });
    expect(flow.enriched()).toMatchObject([{ value: { event: { type: 'consent' } } }]);
    expect([flow.requestsTo('webhook'), flow.requestsTo('dreamdata')]).toEqual([[], []]);
    expect(flow.results().map(({ key, value }) => [key, value?.status, value?.reason])).toEqual([
      ['int_dreamdata:evt_c', 'filtered', 'CONSENT_EVENT'],
      ['int_webhook:evt_c', 'filtered', 'CONSENT_EVENT'],
    ]);
  });

  it('counts for later events that do not say it, and for no other visitor', () => {
    const flow = driven([WEBHOOK]);
    flow.send({ type: 'consent', event: null, context: granted });
    flow.send({ messageId: 'evt_a', timestamp: 1_500 });
    flow.send({ messageId: 'evt_b', anonymousId: 'df_2' });
    expect(flow.requestsTo('webhook').map(({ value }) => value?.messageId)).toEqual(['evt_a']);
    const [, remembered, other] = flow.enriched().map(({ value }) => value);
    expect(remembered).toMatchObject({
      event: { context: { consent: granted.consent } },
      trail: [{ step: 'consent', reason: 'CONSENT_REMEMBERED', detail: 'as of 1970-01-01T00:00:01.000Z' }],
    });
    expect(other).toMatchObject({ event: { context: { consent: null } }, trail: [] });
  });

  it('is what was said last, not what came last; said by any event that speaks of it', () => {
    const flow = driven([WEBHOOK]);
    const marketing = () => flow.enriched().at(-1)?.value?.event.context.consent?.categories.C0004;
    flow.send({ type: 'consent', event: null, timestamp: 1_200, context: consentOf(false) });
    flow.send({ type: 'consent', event: null, timestamp: 1_100, context: consentOf(true) });
    flow.send({});
    expect(marketing()).toBe(false);
    flow.send({ timestamp: 1_300, context: consentOf(true) });
    flow.send({});
    expect(marketing()).toBe(true);
  });

  it('said by a client whose clock is years ahead can be said otherwise later', () => {
    const flow = driven([WEBHOOK]);
    flow.send({ timestamp: 9e12, context: consentOf(true) }, { receivedAt: 2_000 });
    flow.send({ timestamp: 2_500, context: consentOf(false) }, { receivedAt: 3_000 });
    flow.send({}, { receivedAt: 3_000 });
    expect(flow.enriched().at(-1)?.value?.event.context.consent?.categories).toEqual({ C0004: false });
  });

  it('keeps an event from being dropped for want of it', () => {
    const flow = driven([WEBHOOK], 'drop');
    flow.send({ type: 'consent', event: null, context: granted });
    flow.send({});
    expect([flow.rejected().length, flow.requestsTo('webhook').length]).toEqual([0, 1]);
  });
});

it('the same events in the same order come to the same, byte for byte', () => {
  const play = () => {
    const flow = driven();
    for (let i = 0; i < 40; i++)
      flow.send(
        {
          messageId: `evt_${i % 30}`,
          anonymousId: `df_${i % 3}`,
          ...(i % 9 === 0 ? { type: 'consent', event: null, context: consentOf(i % 2 === 0) } : {}),
        },
        { receivedAt: 2_000 + i * HOUR },
      );
    return ['enriched-events', 'delivery-results', 'delivery-int_webhook'].map((topic) =>
      flow.driver.output(topic, serdes.bytes(), serdes.bytes()).readAll(),
    );
  };
  expect(play()).toEqual(play());
});

interface DreamdataExample {
  readonly calls: [[string, string, object], [string, string, object]];
  readonly request: { readonly body: { readonly batch: [DreamdataItem] } };
}

interface DreamdataItem {
  readonly anonymousId: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly context: {
    readonly ip: string;
    readonly userAgent: string;
    readonly page: { url: string; title: string; referrer: string };
    readonly campaign: { source: string; medium: string; name: string };
  };
}

const dreamdataExample: DreamdataExample = JSON.parse(
  readFileSync(new URL('../test/dreamdata-example.json', import.meta.url), 'utf8'),
);
