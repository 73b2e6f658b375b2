import { alone } from './alone.ts';
import type { Datafly } from './api.ts';
import { bag, text } from './checks.ts';
import { runCommand } from './command-queue.ts';
import type { CollectorConfig } from './config.ts';
import { addConsent, decisions, readConsent } from './consent.ts';
import { askClientHints, readContext, readPage, VERSION } from './context.ts';
import { createDelivery } from './delivery.ts';
import { callPage, createEmitter } from './emitter.ts';
import type { CollectedEvent, ConsentCategories, EventBody } from './event.ts';
import { uuid } from './id.ts';
import { currentLanding } from './landing.ts';
import { watchLeaving } from './leaving.ts';
import { createPageViews } from './page-views.ts';
import type { Core, Piece } from './piece.ts';
import { createQueue, messageIdOf } from './queue.ts';
import { createStorage } from './storage.ts';
import { createTransport } from './transport.ts';
import { createVisitor } from './visitor.ts';

export interface Collector {
  readonly api_: Datafly;
  /** From here on it watches the page and sends page views by itself. */
  start_(): void;
}

const MAX_HELD = 1_000;

export function createCollector(config: CollectorConfig, pieces: readonly Piece[]): Collector {
  const prefix = `_df.${config.pipelineKey}.`;
  const storage = createStorage(() => localStorage, `${prefix}taken`);
  const emitter = createEmitter();
  const visitor = createVisitor(storage, `${prefix}anonymousId`);
  const pageViews = createPageViews(() => api.page());
  let dropped = 0;
  const queue = createQueue(storage, `${prefix}queue.`, () => {
    emitter.emit_({ error: { code: 'queue_full', dropped: ++dropped } });
  });
  const learn = (anonymousId: string) => {
    visitor.learn_(anonymousId);
    queue.attribute_(anonymousId);
  };
  const delivery = createDelivery({
    ...config,
    queue_: queue,
    transport_: createTransport(config.endpoint, config.pipelineKey),
    random_: Math.random,
    online_: () => navigator.onLine,
    // Added once, however often it fails.
    onFailure_: () => addEventListener('online', delivery.retry_),
    alone_: (run) => alone(prefix, run),
    onAnswer_({ status_: status, rejected_: rejected = [], anonymousId_: anonymousId }, events) {
      const messageIds = status < 300 ? rejected : events.map(messageIdOf);
      if (messageIds.length) emitter.emit_({ error: { code: 'refused', status, messageIds } });
      // One known by now is newer than the answer: it is of a reset() since, or from another tab.
      if (anonymousId && !visitor.ids_().anonymousId) learn(anonymousId);
    },
  });

  const consentKey = `${prefix}consent`;
  const decided = () => readConsent(storage, consentKey);
  let undecided: ConsentCategories | undefined;
  const consentNow = () => (undecided ? { ...decided(), ...undecided } : decided());

  /** A method that cannot throw into the page. */
  const guarded =
    <A extends readonly unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      try {
        call(...args);
      } catch (error) {
        emitter.emit_({ error: { code: 'call_failed', message: String(error) } });
      }
    };

  // Events wait here, and nowhere else, while the visitor has not been asked, or has not seen the page.
  const held: CollectedEvent[] = [];
  const queueIt = guarded((taken: CollectedEvent) => {
    const categories = consentNow();
    const event = { ...taken, context: { ...taken.context, consent: categories && { categories } } };
    queue.add_(event);
    emitter.emit_({ event });
    delivery.wake_();
  });
  const release = () => {
    while (!document.prerendering && (!config.queueUntilKnown || decided())) {
      const taken = held.shift();
      if (!taken) break;
      queueIt(taken);
    }
  };

  const take = (body: EventBody, page = readPage()) => {
    const landing = currentLanding(page.search, storage, `${prefix}landing`, Date.now());
    held.push({
      ...body,
      ...visitor.ids_(),
      timestamp: new Date().toISOString(),
      messageId: `evt_${uuid()}`,
      context: readContext(page, landing),
    });
    // Nobody may ever choose.
    if (held.length > MAX_HELD) held.shift();
    release();
  };
  /** The same for what happens on a page: its page view comes first, and is of the user known until then. */
  const onPage = <A extends readonly unknown[]>(call: (...args: A) => EventBody) =>
    guarded((...args: A) => {
      pageViews.settle_();
      take(call(...args));
    });
  const consent = (categories: object, isDecided: boolean) => {
    undecided = isDecided ? undefined : decisions(categories);
    if (isDecided && addConsent(storage, consentKey, categories)) {
      release();
      take({ type: 'consent' });
      delivery.flush_();
    }
  };

  const api: Datafly = {
    version: VERSION,
    page: guarded((name, properties) => {
      const page = readPage();
      pageViews.seen_();
      take(
        {
          type: 'page',
          name: name ? text(name, 'name') : undefined,
          properties: { ...page, ...bag(properties) },
        },
        page,
      );
    }),
    track: onPage((event, properties) => ({
      type: 'track',
      event: text(event, 'event'),
      properties: bag(properties),
    })),
    identify: onPage((userId, traits) => ({
      type: 'identify',
      traits: visitor.know_('userId', text(userId, 'userId'), bag(traits)),
    })),
    group: onPage((groupId, traits) => ({
      type: 'group',
      traits: visitor.know_('groupId', text(groupId, 'groupId'), bag(traits)),
    })),
    alias: onPage((userId, previousId) => {
      const { userId: user, anonymousId } = visitor.ids_();
      visitor.know_('userId', text(userId, 'userId'), {});
      return { type: 'alias', previousId: previousId || user || anonymousId };
    }),
    reset: guarded(() => {
      pageViews.settle_();
      visitor.reset_();
    }),
    setConsent: guarded((categories) => consent(bag(categories), true)),
    getAnonymousId: () => visitor.ids_().anonymousId,
    ready: callPage,
    flush: delivery.flush_,
    on: emitter.on,
    push: (...commands) => {
      for (const command of commands) guarded(() => runCommand(api, command))();
    },
    debug: emitter.debug,
  };

  askClientHints();
  const core: Core = {
    api,
    config_: config,
    consent_: consent,
    isGranted_: (category) => Object(consentNow())[category] === true,
    adopt_: learn,
  };
  for (const piece of pieces) guarded(piece)(core);

  return {
    api_: api,
    start_() {
      const begin = () => {
        release();
        pageViews.start_();
      };
      if (document.prerendering) document.addEventListener('prerenderingchange', begin);
      else begin();
      // The visitor may choose in another tab; everybody else is spared what listening costs.
      if (config.queueUntilKnown) addEventListener('storage', release);
      watchLeaving(
        guarded(() => {
          pageViews.leave_();
          delivery.leave_();
        }),
      );
    },
  };
}

declare global {
  interface Document {
    /** Loaded ahead of a click that may never come (Speculation Rules): whatever happens so far, nobody has seen it. */
    readonly prerendering?: boolean;
  }
}
