import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_STATE } from '../../config/index.ts';
import type { DeliveryResult, RawEvent } from '../../schemas/index.ts';
import { HEADERS } from '../../schemas/index.ts';
import { type Headers, NO_HEADERS, type RecordPosition, StreamsApp } from '../../streams/index.ts';
import { configuredPipelines } from '../../topologies/pipelines/index.ts';
import { processEvents } from '../../topologies/process-events.ts';
import { rawEvent, trackEvent } from '../../topologies/testing/events.ts';
import { deliveryTopicSpec, TOPICS } from '../../topologies/topics.ts';
import { type Running, start } from '../testing/harness.ts';

let running: Running;
let processor: StreamsApp | undefined;

beforeEach(async () => {
  running = await start();
});

afterEach(async () => {
  await processor?.close();
  processor = undefined;
  await running.stop();
});

async function process(): Promise<void> {
  const pipelinesOf = configuredPipelines(running.projection);
  processor = new StreamsApp(
    processEvents({ serdes: running.serdes, rulesAt: () => EMPTY_STATE, pipelinesOf }),
    {
      applicationId: 'signal-processor',
      log: running.log,
      topicSpecOf: deliveryTopicSpec,
      onError: (error) => {
        throw error;
      },
    },
  );
  await processor.start();
}

const header = (name: string, value: string) => [name, Buffer.from(value)] as const;

async function append(topic: string, key: string, value: Buffer, headers: Headers): Promise<RecordPosition> {
  const record = { topic, key: Buffer.from(key), value, timestamp: 2_000, headers };
  const [position] = await running.log.append([record]);
  return position!;
}

const accept = (raw: RawEvent, headers?: Headers): Promise<RecordPosition> =>
  append(
    TOPICS.rawEvents,
    raw.event.anonymousId,
    running.serdes.rawEvent.serialize(raw),
    headers ?? [header(HEADERS.messageId, raw.event.messageId)],
  );

const decided = (result: DeliveryResult, headers?: Headers): Promise<RecordPosition> =>
  append(
    TOPICS.deliveryResults,
    `${result.integrationId}${result.messageId}`,
    running.serdes.deliveryResult.serialize(result),
    headers ?? [
      header(HEADERS.messageId, result.messageId),
      header(HEADERS.integrationId, result.integrationId),
    ],
  );

const story = async (messageId: string) =>
  (await running.get(`/v1/admin/events/${encodeURIComponent(messageId)}`)).json();

/** Asks until the answer passes. */
async function eventually(messageId: string, check: (body: never) => void): Promise<void> {
  await expect
    .poll(async () => {
      check((await story(messageId)) as never);
      return true;
    }, POLL)
    .toBe(true);
}

const POLL = { timeout: 60_000, interval: 20 };

const install = async (name: string, consent: readonly string[]): Promise<{ id: string }> =>
  (
    await running.post('/v1/admin/integrations', {
      vendor: 'webhook',
      name,
      config: { url: 'https://sink.example/in' },
      consent_categories: consent,
    })
  ).json();

const shop = async (): Promise<{ id: string }> =>
  (await running.post('/v1/admin/sources', { name: 'Shop', type: 'web' })).json();

const connect = async (source: { id: string }, integration: { id: string }): Promise<{ id: string }> =>
  (
    await running.post('/v1/admin/pipelines', { source_id: source.id, integration_id: integration.id })
  ).json();

describe('what became of an event', () => {
  it('is answered right after it was accepted', async () => {
    for (let i = 0; i < 20; i++) {
      const messageId = `evt_${i}`;
      const raw = await accept(rawEvent(trackEvent({ messageId })));
      expect(await story(messageId)).toMatchObject({
        message_id: messageId,
        status: 'accepted',
        type: 'track',
        event: 'Signed Up',
        received_at: '1970-01-01T00:00:02.000Z',
        source_id: 'src_1',
        raw,
        rejection: null,
        trail: [],
        deliveries: [],
      });
    }
  });

  it('tells each delivery as it is: filtered and why, waiting, retrying, delivered', async () => {
    const source = await shop();
    const ads = await install('Ads', ['marketing']);
    const sink = await install('Sink', ['analytics']);
    const toAds = await connect(source, ads);
    const toSink = await connect(source, sink);
    await process();
    const consent = { categories: {}, canonical: { analytics: true, marketing: false } };
    const event = trackEvent({ messageId: 'evt_1', context: { consent } });
    const configVersion = running.projection.version;
    const raw = await accept(rawEvent(event, { sourceId: source.id, configVersion }));

    const filtered = {
      integration_id: ads.id,
      integration_name: 'Ads',
      vendor: 'webhook',
      pipeline_id: toAds.id,
      status: 'filtered',
      reason: 'CONSENT_DENIED',
      detail: 'marketing',
      attempts: 0,
      http_status: null,
    };
    const toSinkNow = { integration_id: sink.id, integration_name: 'Sink', pipeline_id: toSink.id };
    const waiting = { ...toSinkNow, status: 'waiting', reason: null, attempts: 0, decided_at: null };
    await eventually('evt_1', (body) =>
      expect(body).toMatchObject({
        status: 'processed',
        raw,
        config_version: configVersion,
        deliveries: [filtered, waiting],
      }),
    );

    const result: DeliveryResult = {
      messageId: 'evt_1',
      integrationId: sink.id,
      pipelineId: toSink.id,
      sourceId: source.id,
      status: 'retrying',
      reason: 'HTTP_503',
      detail: 'busy',
      attempts: 1,
      httpStatus: 503,
      latencyMs: 12,
      nextAttemptAt: 5_000,
      deduplicationId: 'evt_1',
      decidedAt: 4_000,
      raw,
    };
    await decided(result);
    await eventually('evt_1', (body) =>
      expect(body).toMatchObject({
        deliveries: [
          filtered,
          {
            ...toSinkNow,
            status: 'retrying',
            reason: 'HTTP_503',
            detail: 'busy',
            attempts: 1,
            http_status: 503,
          },
        ],
      }),
    );

    await decided({
      ...result,
      status: 'delivered',
      reason: null,
      detail: null,
      attempts: 2,
      httpStatus: 200,
    });
    await eventually('evt_1', (body) =>
      expect(body).toMatchObject({
        deliveries: [
          filtered,
          {
            ...toSinkNow,
            status: 'delivered',
            reason: null,
            attempts: 2,
            http_status: 200,
            decided_at: '1970-01-01T00:00:04.000Z',
            deduplication_id: 'evt_1',
          },
        ],
      }),
    );
  });

  it('tells why it was rejected', async () => {
    const raw = rawEvent(trackEvent({ messageId: 'evt_bad' }));
    const source = await accept(raw);
    await append(
      TOPICS.rejectedEvents,
      'df_1',
      running.serdes.rejectedEvent.serialize({
        code: 'SCHEMA_VALIDATION_FAILED',
        message: 'event is missing',
        details: '[{"path":"event"}]',
        raw,
        source,
        rejectedAt: 2_000,
      }),
      [header(HEADERS.messageId, 'evt_bad')],
    );
    await eventually('evt_bad', (body) =>
      expect(body).toMatchObject({
        status: 'rejected',
        raw: source,
        rejection: {
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'event is missing',
          details: [{ path: 'event' }],
        },
        deliveries: [],
      }),
    );
  });

  it('names the raw record that was processed, when a client sent the event twice', async () => {
    await process();
    const once = await accept(rawEvent(trackEvent({ messageId: 'evt_1' })));
    await eventually('evt_1', (body) => expect(body).toMatchObject({ status: 'processed', raw: once }));
    await processor?.close();
    processor = undefined;
    await accept(rawEvent(trackEvent({ messageId: 'evt_1' })));
    await accept(rawEvent(trackEvent({ messageId: 'evt_2' })));
    await eventually('evt_2', (body) => expect(body).toMatchObject({ status: 'accepted' }));
    expect(await story('evt_1')).toMatchObject({ status: 'processed', raw: once });
  });

  it('says in its trail that it was sent again, and leaves what was delivered as it is', async () => {
    const [source, integration] = [await shop(), await install('Sink', [])];
    await connect(source, integration);
    const configVersion = running.projection.version;
    const raw = rawEvent(trackEvent(), { sourceId: source.id, configVersion });
    await process();
    await accept(raw);
    await accept({ ...raw, receivedAt: 5_000 });
    await eventually('evt_1', (body) =>
      expect(body).toMatchObject({
        status: 'processed',
        received_at: '1970-01-01T00:00:02.000Z',
        trail: [
          {
            step: 'deduplicate',
            action: 'filtered',
            reason: 'DUPLICATE',
            detail: 'sent again, received 1970-01-01T00:00:05.000Z',
          },
        ],
        deliveries: [{ integration_id: integration.id, status: 'waiting' }],
      }),
    );
    expect((await story('evt_1')).deliveries).toHaveLength(1);
  });

  it('is found without the headers, by what the record says', async () => {
    const raw = await accept(rawEvent(trackEvent({ messageId: 'evt_1' })), NO_HEADERS);
    expect(await story('evt_1')).toMatchObject({ message_id: 'evt_1', raw });
  });

  it.each(['a/b?c#d', 'ü 🎉', '../../healthz', "'; --", 'evt\u0000x', 'x'.repeat(512), '🎉'.repeat(256)])(
    'is found by an id such as %j',
    async (messageId) => {
      await accept(rawEvent(trackEvent({ messageId })));
      await accept(rawEvent(trackEvent({ messageId: `${messageId.slice(0, -1)}y` })));
      expect(await story(messageId)).toMatchObject({ message_id: messageId });
    },
  );

  it('is not found for an event that nobody sent', async () => {
    await accept(rawEvent(trackEvent({ messageId: 'evt_1' })));
    for (const messageId of ['evt', 'evt_12', 'EVT_1'])
      expect(await story(messageId)).toEqual({
        error: { code: 'EVENT_NOT_FOUND', message: expect.any(String) },
      });
  });

  it('is still known after a restart, of events before and while it was down', async () => {
    await accept(rawEvent(trackEvent({ messageId: 'evt_before' })));
    expect(await story('evt_before')).toMatchObject({ status: 'accepted' });
    await accept(rawEvent(trackEvent({ messageId: 'evt_at_the_end' })));
    running = await running.restart();
    for (const messageId of ['evt_before', 'evt_at_the_end'])
      await eventually(messageId, (body) => expect(body).toMatchObject({ status: 'accepted' }));
  });
});
