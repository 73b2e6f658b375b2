import {
  type Catalog,
  CONFIG_ID,
  type CommandPayload,
  type ConfigState,
  type Decision,
  decide,
  fold,
  nameKey,
  type Rejection,
} from '../../config/index.ts';
import type { Change, ConfigCommand } from '../../schemas/index.ts';
import { type FieldProblem, rejectedBy, validationFailed } from '../errors.ts';

/** Whoever asks for the changes, and when and why: those are part of what they lead to. */
export type Asking = Pick<ConfigCommand, 'time' | 'actor' | 'reason'>;

const MAX_ROUNDS = 5;

/** Something to know about a plan that is not a change. */
export interface Notice {
  readonly path: string;
  readonly message: string;
}

/**
 * Changes as they are put together, and the configuration that they lead to: each is decided at once, as it will be
 * when all are, so that the next one can build on it and none is found wrong only later.
 */
export class Draft {
  readonly base: ConfigState;
  readonly catalog: Catalog;
  readonly changes: Change[] = [];
  readonly notices: Notice[] = [];
  private readonly asking: Asking;
  private readonly problems: FieldProblem[] = [];
  private reached: ConfigState;

  constructor(base: ConfigState, catalog: Catalog, asking: Asking) {
    this.base = base;
    this.reached = base;
    this.catalog = catalog;
    this.asking = asking;
  }

  /** What the changes so far lead to. */
  get state(): ConfigState {
    return this.reached;
  }

  /**
   * Adds a change unless it would change nothing. Answers whether it is possible; if not, why not is noted.
   * `fieldOf`: what the file calls a field of the command.
   */
  add(
    path: string,
    resourceId: string,
    payload: CommandPayload,
    fieldOf: (field: string) => string = (field) => field,
  ): boolean {
    const decision = this.decide(this.reached, resourceId, payload);
    if ('rejection' in decision) {
      if (decision.rejection.code === 'NOTHING_CHANGED') return true;
      this.refuse(path, decision.rejection, fieldOf);
      return false;
    }
    this.reached = fold(this.reached, decision.events);
    this.changes.push({ path, resourceId, payload });
    return true;
  }

  private decide(state: ConfigState, resourceId: string, payload: CommandPayload): Decision {
    const command: ConfigCommand = {
      ...this.asking,
      commandId: 'plan',
      resourceId,
      expectedVersion: null,
      // Whether there has to be a reason is decided once for all, when they are handed in.
      reason: this.asking.reason ?? 'plan',
      payload,
    };
    return decide(state, command, { catalog: this.catalog });
  }

  problem(path: string, code: string, message: string): void {
    this.problems.push({ path, code, message });
  }

  refuse(path: string, { code, message, field }: Rejection, fieldOf: (field: string) => string): void {
    this.problem(field === null ? path : `${path}.${fieldOf(field)}`, code, message);
  }

  notice(path: string, message: string): void {
    this.notices.push({ path, message });
  }

  /**
   * Plans each entry, and those that are refused again after the others: one may take what another gives up. `planOne`
   * must bear being called again.
   */
  async planEach<T>(
    entries: readonly T[],
    planOne: (entry: T, index: number) => void | Promise<void>,
  ): Promise<void> {
    let left = [...entries.entries()];
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      this.problems.length = 0;
      const refused: typeof left = [];
      for (const [index, entry] of left) {
        const before = this.problems.length;
        await planOne(entry, index);
        if (this.problems.length > before) refused.push([index, entry]);
      }
      if (refused.length === 0 || refused.length === left.length) break;
      left = refused;
    }
    this.check();
  }

  /** Throws where the changes are possible one by one, but not as one: they are too many. */
  checkAsOne(): void {
    const { changes, base } = this;
    const payload = { 'signal.config.ApplyChanges': { configVersion: base.version, changes: [...changes] } };
    const decision = this.decide(base, CONFIG_ID, payload);
    if ('events' in decision || decision.rejection.code === 'NOTHING_CHANGED') return;
    throw rejectedBy(decision.rejection.code, decision.rejection.message, undefined);
  }

  /** Throws an error that names everything that is wrong so far, if anything is. */
  check(): void {
    if (this.problems.length > 0) throw validationFailed(this.problems);
  }
}

/** Throws where two are one and the same. `key`: what an entry is known by. */
export function refuseTwins<T>(
  draft: Draft,
  section: string,
  entries: readonly T[],
  key: (entry: T) => string,
): void {
  const first = new Map<string, number>();
  entries.forEach((entry, index) => {
    const other = first.get(key(entry));
    if (other === undefined) first.set(key(entry), index);
    else draft.problem(`${section}[${index}]`, 'DUPLICATE', `it is ${section}[${other}] once more`);
  });
  draft.check();
}

/** The id of what has a name, if anything has. */
export const idOf = (state: ConfigState, kind: 'source' | 'integration', name: string): string | undefined =>
  state.names.get(nameKey(kind, name));
