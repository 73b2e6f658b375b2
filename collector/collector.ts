import type { Datafly } from './api.ts';
import { bag, text } from './checks.ts';
import { runCommand } from './command-queue.ts';
import type { CollectorConfig } from './config.ts';
import { addConsent, readConsent } from './consent.ts';
import { readContext, readPage, VERSION } from './context.ts';
import { createDelivery } from './delivery.ts';
import { callPage, createEmitter } from './emitter.ts';
import type { EventBody } from './event.ts';
import { uuid } from './id.ts';
import { currentLanding } from './landing.ts';
import { watchLeaving } from './leaving.ts';
import { createPageViews } from './page-views.ts';
import { createQueue } from './queue.ts';
import { createStorage, rememberIn } from './storage.ts';
import { createTransport } from './transport.ts';
import { createVisitor } from './visitor.ts';

export interface Collector {
  readonly api: Datafly;
  /** From here on it watches the page and sends page views by itself. */
  start(): void;
}

export function createCollector(config: CollectorConfig): Collector {
  const prefix = `_df.${config.pipelineKey}.`;
  const storage = createStorage(() => localStorage, prefix);
  const memory = rememberIn(storage);
  const tab = rememberIn(createStorage(() => sessionStorage, prefix));
  const emitter = createEmitter();
  const visitor = createVisitor(memory);
  const pageViews = createPageViews(() => api.page());
  let dropped = 0;
  const queue = createQueue(storage, () => {
    emitter.emit({ error: { code: 'queue_full', dropped: ++dropped } });
  });
  const delivery = createDelivery({
    ...config,
    queue,
    transport: createTransport(config.endpoint, config.pipelineKey),
    random: Math.random,
    online: () => navigator.onLine,
    onAnswer(answer, events) {
      const messageIds = answer.status < 300 ? answer.rejected : events.map((event) => event.messageId);
      if (messageIds?.length) emitter.emit({ error: { code: 'refused', status: answer.status, messageIds } });
      // One known by now is newer than the answer: it is of a reset() since, or from another tab.
      if (answer.anonymousId && !visitor.ids().anonymousId) {
        visitor.learn(answer.anonymousId);
        queue.attribute(answer.anonymousId);
      }
    },
  });

  const take = (body: EventBody) => {
    const event = {
      ...body,
      ...visitor.ids(),
      context: readContext(currentLanding(location.search, tab), readConsent(memory)),
      timestamp: new Date().toISOString(),
      messageId: `evt_${uuid()}`,
    };
    queue.add(event);
    emitter.emit({ event });
    delivery.wake();
  };

  /** A method that cannot throw into the page. */
  const guarded =
    <A extends readonly unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      try {
        call(...args);
      } catch (error) {
        emitter.emit({ error: { code: 'call_failed', message: String(error) } });
      }
    };
  /** The same for what happens on a page: its page view comes first, and is of the user known until then. */
  const onPage = <A extends readonly unknown[]>(call: (...args: A) => EventBody) =>
    guarded((...args: A) => {
      pageViews.settle();
      take(call(...args));
    });

  const api: Datafly = {
    version: VERSION,
    page: guarded((name, properties) => {
      pageViews.seen();
      take({
        type: 'page',
        name: name ? text(name, 'name') : undefined,
        properties: { ...readPage(), ...bag(properties) },
      });
    }),
    track: onPage((event, properties) => ({
      type: 'track',
      event: text(event, 'event'),
      properties: bag(properties),
    })),
    identify: onPage((userId, traits) => ({
      type: 'identify',
      traits: visitor.know('userId', text(userId, 'userId'), bag(traits)),
    })),
    group: onPage((groupId, traits) => ({
      type: 'group',
      traits: visitor.know('groupId', text(groupId, 'groupId'), bag(traits)),
    })),
    alias: onPage((userId, previousId) => {
      const { userId: user, anonymousId } = visitor.ids();
      visitor.know('userId', text(userId, 'userId'), {});
      return { type: 'alias', previousId: previousId || user || anonymousId };
    }),
    reset: guarded(() => {
      pageViews.settle();
      visitor.reset();
    }),
    setConsent: guarded((categories) => addConsent(memory, bag(categories))),
    getAnonymousId: () => visitor.ids().anonymousId,
    ready: callPage,
    flush: delivery.flush,
    on: emitter.on,
    push: (...commands) => {
      for (const command of commands) guarded(() => runCommand(api, command))();
    },
    debug: emitter.debug,
  };

  return {
    api,
    start() {
      pageViews.start();
      watchLeaving(
        guarded(() => {
          pageViews.leave();
          delivery.leave();
        }),
      );
    },
  };
}
