import {
  type Catalog,
  type ConfigState,
  type Decision,
  decide,
  EMPTY_STATE,
  fold,
  isRepeat,
  reject,
  repeatKey,
} from '../../config/index.ts';
import type { CommandOutcome, ConfigCommand, ConfigEvent } from '../../schemas/index.ts';
import type {
  KeyValueStore,
  Processor,
  ProcessorContext,
  Register,
  StreamRecord,
} from '../../streams/index.ts';

export const EVENTS_STORE = 'config-events';
export const OUTCOMES_STORE = 'config-outcomes';

/** What came of one command; no events if it was refused, or answered before. */
export interface Decided {
  readonly events: readonly ConfigEvent[];
  readonly outcome: CommandOutcome;
}

/** Events read from the store at once when the state is folded again. */
const PAGE = 1000;

/**
 * Decides commands one after another.
 *
 * What it must remember is written in the commit that writes its outputs: the events themselves, by sequence, and the
 * answer to every command, by its id. The state is only a fold of the former, kept as a cache; it is folded again
 * whenever it does not stand where the store does (after a restart, or when a record was undone). So a crash at
 * any moment leaves either the whole decision or none of it, and a command that comes twice gets its first answer.
 */
export class Decider implements Processor<string, ConfigCommand, string, Decided> {
  private readonly catalog: Catalog;
  private readonly folded: { readonly current: ConfigState };
  private context!: ProcessorContext<string, Decided>;
  private events!: KeyValueStore<number, ConfigEvent>;
  private outcomes!: KeyValueStore<string, CommandOutcome>;
  private stored!: Register;
  private cache: ConfigState = EMPTY_STATE;

  /** `folded`: of the same log, folded by somebody else; spares folding it here where it is not ahead. */
  constructor(catalog: Catalog, folded: { readonly current: ConfigState } = { current: EMPTY_STATE }) {
    this.catalog = catalog;
    this.folded = folded;
  }

  init(context: ProcessorContext<string, Decided>): void {
    this.context = context;
    this.events = context.store(EVENTS_STORE);
    this.outcomes = context.store(OUTCOMES_STORE);
    this.stored = context.register('version');
  }

  process({ value: command, headers }: StreamRecord<string, ConfigCommand>): void {
    const before = this.outcomes.get(repeatKey(command.commandId));
    const decided = before === null ? this.decide(command) : { events: [], outcome: again(command, before) };
    this.context.forward({ key: command.resourceId, value: decided, timestamp: command.time, headers });
  }

  private decide(command: ConfigCommand): Decided {
    const state = this.state();
    const decision = decide(state, command, { catalog: this.catalog });
    const outcome = outcomeOf(command, decision);
    this.outcomes.put(repeatKey(command.commandId), outcome);
    if ('rejection' in decision) return { events: [], outcome };
    for (const event of decision.events) this.events.put(event.sequence, event);
    this.cache = fold(state, decision.events);
    this.stored.set(this.cache.version);
    return { events: decision.events, outcome };
  }

  private state(): ConfigState {
    const version = Math.max(this.stored.get(), 0);
    if (this.cache.version > version) this.cache = EMPTY_STATE;
    const { current } = this.folded;
    if (current.version > this.cache.version && current.version <= version) this.cache = current;
    while (this.cache.version < version) {
      const from = this.cache.version + 1;
      const page = this.events.range(from, Math.min(from + PAGE - 1, version));
      this.cache = fold(
        this.cache,
        page.map(([, event]) => event),
      );
      if (this.cache.version < from) throw new Error(`the store of the config log lacks event ${from}`);
    }
    return this.cache;
  }
}

/** The first answer; or that it was the answer to something else. */
function again(command: ConfigCommand, first: CommandOutcome): CommandOutcome {
  const { commandId } = command;
  if (isRepeat(first.commandId, commandId)) return { ...first, commandId };
  const message = 'this key came with another request before: choose a new one for a new request';
  return outcomeOf(command, { rejection: reject('IDEMPOTENCY_KEY_REUSED', 'commandId', message) });
}

function outcomeOf({ commandId }: ConfigCommand, decision: Decision): CommandOutcome {
  if ('rejection' in decision)
    return {
      commandId,
      accepted: false,
      firstSequence: null,
      lastSequence: null,
      rejection: decision.rejection,
    };
  const [first, ...rest] = decision.events;
  const last = rest.at(-1) ?? first;
  return {
    commandId,
    accepted: true,
    firstSequence: first.sequence,
    lastSequence: last.sequence,
    rejection: null,
  };
}
