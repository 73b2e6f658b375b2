import type { ConfigProjection } from '../../config/index.ts';
import type { CommandOutcome, CommandRejected, ConfigCommand } from '../../schemas/index.ts';
import { type Log, NO_HEADERS } from '../../streams/index.ts';
import { decode } from './follow.ts';
import { CONFIG_TOPICS, type ConfigSerdes } from './topics.ts';

export const CONFIG_ERRORS = {
  CONFIG_TIMEOUT:
    'the change was not decided in time; it may still be. Ask for it again with the same command id to learn what became of it',
  CONFIG_CLOSED: 'this process is stopping and did not hear what became of the change',
  CONFIG_UNAVAILABLE: 'answers to changes cannot be read any more; restart the process',
} as const;

export type ConfigErrorCode = keyof typeof CONFIG_ERRORS;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;

  constructor(code: ConfigErrorCode, options?: ErrorOptions) {
    super(CONFIG_ERRORS[code], options);
    this.code = code;
  }
}

export type CommandResult =
  | { readonly kind: 'accepted'; readonly firstSequence: number; readonly lastSequence: number }
  | { readonly kind: 'rejected'; readonly rejection: CommandRejected };

export interface ConfigCommandsOptions {
  readonly log: Log;
  readonly serdes: Pick<ConfigSerdes, 'command' | 'outcome'>;
  /** Must be followed by somebody. */
  readonly projection: ConfigProjection;
  /** For one command, until its events are applied here. Default 10 s. */
  readonly timeoutMs?: number | undefined;
}

interface Waiter {
  readonly resolve: (outcome: CommandOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** Hands commands in and waits for what becomes of them. */
export class ConfigCommands {
  private readonly options: ConfigCommandsOptions;
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly stopping = new AbortController();
  private broken: ConfigError | undefined;

  private constructor(options: ConfigCommandsOptions) {
    this.options = options;
  }

  /** Answers to commands handed in from now on will be heard. */
  static async start(options: ConfigCommandsOptions): Promise<ConfigCommands> {
    const commands = new ConfigCommands(options);
    const [outcomes] = await options.log.offsets(CONFIG_TOPICS.outcomes);
    void commands.follow(outcomes?.end ?? 0);
    return commands;
  }

  /**
   * Appends the command; resolves when it was refused, or when its events are applied to the projection here, so
   * that reading right after sees the change. Rejects with a `ConfigError`, or with the log's own error if
   * appending failed.
   */
  async submit(command: ConfigCommand): Promise<CommandResult> {
    const answer = this.listenFor(command.commandId);
    const deadline = timeout(this.options.timeoutMs ?? 10_000);
    try {
      return await Promise.race([this.handIn(command, answer.outcome), deadline.passed]);
    } finally {
      deadline.cancel();
      answer.forget();
    }
  }

  close(): void {
    this.stopping.abort();
    this.fail(new ConfigError('CONFIG_CLOSED'));
  }

  private async handIn(command: ConfigCommand, answer: Promise<CommandOutcome>): Promise<CommandResult> {
    const { log, serdes, projection } = this.options;
    await log.append([
      {
        topic: CONFIG_TOPICS.commands,
        key: Buffer.from(command.resourceId),
        value: serdes.command.serialize(command),
        timestamp: command.time,
        headers: NO_HEADERS,
      },
    ]);
    const { firstSequence, lastSequence, rejection } = await answer;
    if (rejection !== null) return { kind: 'rejected', rejection };
    if (firstSequence === null || lastSequence === null)
      throw new Error(`the answer to ${command.commandId} has neither events nor a rejection`);
    await projection.whenApplied(lastSequence);
    return { kind: 'accepted', firstSequence, lastSequence };
  }

  private listenFor(commandId: string): { readonly outcome: Promise<CommandOutcome>; forget(): void } {
    const waiters = this.waiters.get(commandId) ?? new Set();
    this.waiters.set(commandId, waiters);
    let waiter: Waiter | undefined;
    const outcome = new Promise<CommandOutcome>((resolve, reject) => {
      waiter = { resolve, reject };
      waiters.add(waiter);
      if (this.broken !== undefined) reject(this.broken);
    });
    // If appending fails first, nobody awaits it.
    outcome.catch(() => {});
    return {
      outcome,
      forget: () => {
        if (waiter !== undefined) waiters.delete(waiter);
        if (waiters.size === 0 && this.waiters.get(commandId) === waiters) this.waiters.delete(commandId);
      },
    };
  }

  private async follow(from: number): Promise<void> {
    const { log, serdes } = this.options;
    const { signal } = this.stopping;
    const position = { topic: CONFIG_TOPICS.outcomes, partition: 0, from };
    try {
      for await (const records of log.read({ ...position, follow: true, signal })) {
        for (const { value } of records) {
          if (value === null) continue;
          const outcome = await decode(serdes.outcome, value);
          for (const waiter of this.waiters.get(outcome.commandId) ?? []) waiter.resolve(outcome);
        }
      }
      this.fail(new ConfigError('CONFIG_CLOSED'));
    } catch (cause) {
      this.fail(new ConfigError('CONFIG_UNAVAILABLE', { cause }));
    }
  }

  private fail(error: ConfigError): void {
    this.broken ??= error;
    for (const waiters of this.waiters.values()) for (const waiter of waiters) waiter.reject(this.broken);
    this.waiters.clear();
  }
}

function timeout(ms: number): { readonly passed: Promise<never>; cancel(): void } {
  let timer: NodeJS.Timeout;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConfigError('CONFIG_TIMEOUT')), ms);
  });
  return { passed, cancel: () => clearTimeout(timer) };
}
