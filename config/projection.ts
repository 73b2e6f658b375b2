import type { ConfigEvent } from '../schemas/index.ts';
import { type EventHead, EventHistory } from './event-history.ts';
import { evolve } from './evolve.ts';
import { writeSnapshot } from './snapshot.ts';
import { type ConfigState, EMPTY_STATE } from './state.ts';

/** Asked for a version that this process has not applied yet. Wait for `whenApplied()` and ask again. */
export class NotYetApplied extends Error {
  override readonly name = 'NotYetApplied';
  readonly code = 'CONFIG_NOT_YET_APPLIED';
  readonly version: number;
  readonly whenApplied: () => Promise<ConfigState>;

  constructor(version: number, applied: number, whenApplied: () => Promise<ConfigState>) {
    super(`config version ${version} was asked for, ${applied} is the latest applied here`);
    this.version = version;
    this.whenApplied = whenApplied;
  }
}

/** An event that does not follow the last one: the log or its reader is broken. */
export class SequenceGap extends Error {
  override readonly name = 'SequenceGap';
  readonly code = 'CONFIG_SEQUENCE_GAP';

  constructor(expected: number, got: number) {
    super(`config event ${expected} was expected, ${got} came`);
  }
}

/** The events do not come to what a snapshot says they do: it must be thrown away. */
export class SnapshotDiffers extends Error {
  override readonly name = 'SnapshotDiffers';
  readonly code = 'CONFIG_SNAPSHOT_DIFFERS';

  constructor(version: number) {
    super(`the first ${version} config events do not come to what the snapshot says`);
  }
}

export type ConfigListener = (state: ConfigState, event: ConfigEvent) => void;

/** States kept: of this many latest versions, ... */
const RECENT = 256;
/** ... of all others, evenly spaced, as many as hold so many resources together, though each is counted in every one:
 * memory stays bounded however long the log, and few resources are folded again quickly, ... */
const RESOURCES_KEPT = 200_000;
const MIN_CHECKPOINTS = 16;
const MAX_CHECKPOINTS = 512;
const FIRST_SPACING = 100;
/** ... and this many of what was asked for in between. */
const FOLDED = 32;

/**
 * The configuration as folded so far, and as it was at any version before.
 *
 * Fed with `apply` in order of sequence; everything else only reads. Recent states are kept; an older one is folded
 * when it is asked for, from the nearest one before it that was kept.
 */
export class ConfigProjection {
  /** Up to `base`. */
  private readonly early = new EventHistory(1);
  /** After it. */
  private readonly events: EventHistory;
  private readonly base: number;
  private readonly snapshot: ConfigState;
  private past: ConfigState = EMPTY_STATE;
  private historyWaiters: (() => void)[] = [];
  private readonly recent = new Map<number, ConfigState>();
  private readonly checkpoints = new Map<number, ConfigState>();
  /** In order of asking; the first one goes first. */
  private readonly folded = new Map<number, ConfigState>();
  private spacing = FIRST_SPACING;
  private readonly listeners = new Set<ConfigListener>();
  private waiters: { readonly version: number; readonly resolve: (state: ConfigState) => void }[] = [];
  private state: ConfigState;

  /** `snapshot`: what the events up to its version come to. They are given to `applyEarly`, at leisure. */
  constructor(snapshot: ConfigState = EMPTY_STATE) {
    this.state = snapshot;
    this.snapshot = snapshot;
    this.base = snapshot.version;
    this.events = new EventHistory(this.base + 1);
    this.recent.set(this.base, snapshot);
    this.checkpoints.set(0, EMPTY_STATE);
  }

  get current(): ConfigState {
    return this.state;
  }

  get version(): number {
    return this.state.version;
  }

  /** Throws `SequenceGap` unless it is the next one. Listeners are called before this returns and must not throw. */
  apply(event: ConfigEvent): void {
    if (event.sequence !== this.version + 1) throw new SequenceGap(this.version + 1, event.sequence);
    this.state = evolve(this.state, event);
    this.events.push(event);
    this.keep(this.state);
    const due = this.waiters.filter((waiter) => waiter.version <= this.version);
    if (due.length > 0) this.waiters = this.waiters.filter((waiter) => waiter.version > this.version);
    for (const waiter of due) waiter.resolve(this.at(waiter.version));
    for (const listener of this.listeners) listener(this.state, event);
  }

  /** Whether every event up to now is here, and not only those since a snapshot. */
  get hasHistory(): boolean {
    return this.past.version === this.base;
  }

  /** Resolves when every event is here. */
  async whenHistory(): Promise<void> {
    if (!this.hasHistory) await new Promise<void>((resolve) => this.historyWaiters.push(resolve));
  }

  /** Takes an event that the snapshot holds. Throws `SequenceGap` unless it is the next one, and `SnapshotDiffers`
   * after the last one if what they come to is not the snapshot. */
  applyEarly(event: ConfigEvent): void {
    const expected = this.past.version + 1;
    if (event.sequence !== expected || this.hasHistory) throw new SequenceGap(expected, event.sequence);
    const state = evolve(this.past, event);
    if (state.version === this.base && writeSnapshot(state) !== writeSnapshot(this.snapshot))
      throw new SnapshotDiffers(this.base);
    this.early.push(event);
    this.past = state;
    this.keepCheckpoint(state);
    if (this.hasHistory) for (const resolve of this.historyWaiters.splice(0)) resolve();
  }

  /** The state as of a version, 0 being the empty one. Throws `NotYetApplied` for a version to come, or of which the
   * events are not here yet. */
  at(version: number): ConfigState {
    let state = this.nearest(version);
    if (state.version === version) return state;
    while (state.version < version) state = evolve(state, this.event(state.version + 1));
    this.folded.set(version, state);
    dropFirst(this.folded, FOLDED);
    return state;
  }

  /** The last state up to a version that is there without folding. Throws as `at` does. */
  nearest(version: number): ConfigState {
    const kept = this.recent.get(version) ?? this.checkpoints.get(version) ?? this.folded.get(version);
    if (kept !== undefined) return kept;
    if (!Number.isSafeInteger(version) || version < 0)
      throw new RangeError(`a config version is 0, 1, 2, ...; ${version} is none`);
    if (version > this.version)
      throw new NotYetApplied(version, this.version, () => this.whenApplied(version));
    if (version < this.base && !this.hasHistory)
      throw new NotYetApplied(version, this.version, () => this.whenApplied(version));
    const first = version >= this.base ? this.snapshot : EMPTY_STATE;
    for (let at = version - (version % this.spacing); at > first.version; at -= this.spacing) {
      const checkpoint = this.checkpoints.get(at);
      if (checkpoint !== undefined) return checkpoint;
    }
    return first;
  }

  /** Resolves with the state as of `version` once it is applied. */
  async whenApplied(version: number): Promise<ConfigState> {
    if (version < this.base) await this.whenHistory();
    if (version <= this.version) return this.at(version);
    return new Promise((resolve) => this.waiters.push({ version, resolve }));
  }

  /** The applied events with `from <= sequence < to`, in order. Throws `NotYetApplied` for some that are not here
   * yet, though a snapshot holds what they came to. */
  eventsBetween(from: number, to: number): readonly ConfigEvent[] {
    return this.headsBetween(from, to).map(({ sequence }) => this.event(sequence));
  }

  /** As `eventsBetween`, and much cheaper: enough to find the few that are wanted. */
  headsBetween(from: number, to: number): readonly EventHead[] {
    if (from <= this.base && Math.max(from, 1) < to && !this.hasHistory)
      throw new NotYetApplied(from, this.version, () => this.whenApplied(Math.max(from, 1)));
    return [...this.early.headsBetween(from, to), ...this.events.headsBetween(from, to)];
  }

  /** An applied event. Throws `NotYetApplied` for one that is not here yet. */
  event(sequence: number): ConfigEvent {
    const event = (sequence > this.base ? this.events : this.early).get(sequence);
    if (event === undefined)
      throw new NotYetApplied(sequence, this.version, () => this.whenApplied(sequence));
    return event;
  }

  /** Calls `listener` after every event to come. Returns what ends that. */
  subscribe(listener: ConfigListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private keep(state: ConfigState): void {
    this.recent.set(state.version, state);
    dropFirst(this.recent, RECENT);
    this.keepCheckpoint(state);
  }

  private keepCheckpoint(state: ConfigState): void {
    if (state.version % this.spacing !== 0) return;
    this.checkpoints.set(state.version, state);
    const affordable = Math.floor(RESOURCES_KEPT / state.resourceVersions.size);
    const most = Math.min(Math.max(affordable, MIN_CHECKPOINTS), MAX_CHECKPOINTS);
    while (this.checkpoints.size > most) {
      this.spacing *= 2;
      for (const version of this.checkpoints.keys())
        if (version % this.spacing !== 0) this.checkpoints.delete(version);
    }
  }
}

/** A map iterates in the order of insertion. */
function dropFirst(map: Map<number, unknown>, size: number): void {
  const [first] = map.keys();
  if (map.size > size && first !== undefined) map.delete(first);
}
