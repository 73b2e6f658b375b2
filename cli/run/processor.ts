import { StreamsApp } from '../../streams/index.ts';
import { configuredRules } from '../../topologies/org-layer/index.ts';
import { configuredPipelines } from '../../topologies/pipelines/index.ts';
import { processEvents } from '../../topologies/process-events.ts';
import { deliveryTopicSpec, TOPICS } from '../../topologies/topics.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';
import { RestoreReport } from './restore-progress.ts';

export const PROCESSOR_GROUP = 'signal-processor';

export async function startProcessor(foundation: Foundation, closers: Closers): Promise<StreamsApp> {
  const { log, serdes, projection, logger, fatal } = foundation;
  const restoring = new RestoreReport(logger);
  const app = new StreamsApp(
    processEvents({
      serdes,
      rulesAt: configuredRules(projection),
      pipelinesOf: configuredPipelines(projection),
    }),
    {
      applicationId: PROCESSOR_GROUP,
      log,
      metrics: foundation.streamsMetrics,
      deadLetterTopic: TOPICS.unprocessable,
      topicSpecOf: deliveryTopicSpec,
      onRestore: (progress) => restoring.progress(progress),
      onStateChange: (state) => {
        if (state === 'running') restoring.done();
      },
      onInterruption: (err) => logger.warn({ err }, 'the event processor was interrupted; it joins again'),
      onError: (error) => fatal('the event processor cannot go on', error),
    },
  );
  closers.add('event processor', () => app.close());
  await app.start();
  return app;
}
