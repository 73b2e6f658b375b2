/** The topology that decides configuration commands, what stands at its two ends, and what signs its log. */
export * from './checkpoints/index.ts';
export {
  CONFIG_ERRORS,
  type CommandResult,
  ConfigCommands,
  type ConfigCommandsOptions,
  ConfigError,
  type ConfigErrorCode,
} from './commands.ts';
export { type ConfigFollower, decode, followConfig, type LastRecord, loadHistory } from './follow.ts';
export { CONFIG_TOPICS, type ConfigSerdes, configSerdes, topicsOfConfig } from './topics.ts';
export { type ConfigTopologyDeps, configTopology } from './topology.ts';
