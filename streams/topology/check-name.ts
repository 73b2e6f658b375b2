import { TopologyError } from '../errors.ts';
import { isTopicName } from '../log/topic-name.ts';

/** Topics are named for operators and stores, so these keep to Kafka's rule for topics, too. */
export function checkName(node: string, what: 'topic' | 'state store' | 'operator', name: string): void {
  if (isTopicName(name)) return;
  throw new TopologyError(
    node,
    `the ${what} "${name}" cannot be called so: use 1 to 249 letters, digits, dots, underscores and dashes`,
  );
}
