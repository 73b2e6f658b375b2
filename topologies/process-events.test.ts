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
    processEvents({ serdes: records, rulesAt: () => ({ consent }), pipelinesOf: () => active }),
  );
  const key = serdes.string();
  const input = driver.input('raw-events', key, records.rawEvent);
  return {
    driver,
    send: (...parts: Parameters<typeof trackEvent>) => {
      const event = trackEvent(...parts);
      input.send(event.anonymousId, rawEvent(event), {
        timestamp: 2_000,
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
    flow.send({ event: null, context: granted });
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
    flow.send({ ...ada, context: granted });
    flow.send({ userId: 'eve', context: { clickIds: { gclid: 'x' } } });
    flow.send({ context: granted });
    const [, stripped, later] = flow.enriched().map((record) => record.value);
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
