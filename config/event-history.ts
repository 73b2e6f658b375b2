import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ConfigEvent } from '../schemas/index.ts';
import { labelOf } from './evolve.ts';

/** What can be asked of an event without unpacking it. */
export interface EventHead extends Pick<ConfigEvent, 'sequence' | 'time' | 'actor' | 'resourceId'> {
  /** `source.created`, ... */
  readonly label: string;
}

/** Packed together: more of them are smaller, and take longer to unpack for the sake of one. */
const PACK = 256;
/** Packs kept as they were unpacked last, for whoever reads on. */
const UNPACKED = 4;

/**
 * Events that follow one another, for ever and in little memory: what events are looked for by is at hand, the rest is
 * packed. Only text and numbers are in an event, so that JSON says all of it.
 */
export class EventHistory {
  private readonly first: number;
  private readonly heads: EventHead[] = [];
  private readonly packs: Buffer[] = [];
  private tail: ConfigEvent[] = [];
  /** In order of asking; the first one goes first. */
  private readonly unpacked = new Map<number, readonly ConfigEvent[]>();
  /** Each text that many events have, once. */
  private readonly known = new Map<string, string>();
  private lastActor: ConfigEvent['actor'] | undefined;

  /** `first`: the sequence of the event that is to come first. */
  constructor(first: number) {
    this.first = first;
  }

  /** Sequence of the event that is to come next. */
  get next(): number {
    return this.first + this.heads.length;
  }

  /** To be called with the next one. */
  push(event: ConfigEvent): void {
    this.heads.push(this.headOf(event));
    this.tail.push(event);
    if (this.tail.length < PACK) return;
    // Copied, because what zlib gives is the beginning of a larger buffer.
    this.packs.push(Buffer.from(deflateRawSync(JSON.stringify(this.tail), { level: 1 })));
    this.tail = [];
  }

  /** Undefined unless it was pushed. */
  get(sequence: number): ConfigEvent | undefined {
    const index = sequence - this.first;
    const pack = Math.floor(index / PACK);
    return pack === this.packs.length ? this.tail[index % PACK] : this.unpack(pack)?.[index % PACK];
  }

  /** Of those with `from <= sequence < to`. */
  headsBetween(from: number, to: number): readonly EventHead[] {
    return this.heads.slice(Math.max(from - this.first, 0), Math.max(to - this.first, 0));
  }

  private headOf({ sequence, time, actor, resourceId, payload }: ConfigEvent): EventHead {
    return {
      sequence,
      time,
      actor: this.sameActor(actor),
      resourceId: this.same(resourceId),
      label: labelOf(payload),
    };
  }

  /** Changes of one actor tend to follow one another. */
  private sameActor(actor: ConfigEvent['actor']): ConfigEvent['actor'] {
    const { lastActor: last } = this;
    if (last?.id === actor.id && last.ip === actor.ip && last.name === actor.name && last.kind === actor.kind)
      return last;
    const { kind, id, name, ip } = actor;
    this.lastActor = {
      kind,
      id: this.same(id),
      name: name === null ? null : this.same(name),
      ip: ip === null ? null : this.same(ip),
    };
    return this.lastActor;
  }

  private same(text: string): string {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    this.known.set(text, text);
    return text;
  }

  private unpack(index: number): readonly ConfigEvent[] | undefined {
    const known = this.unpacked.get(index);
    if (known !== undefined) return known;
    const pack = this.packs[index];
    if (pack === undefined) return undefined;
    const events: readonly ConfigEvent[] = JSON.parse(inflateRawSync(pack).toString('utf8'));
    this.unpacked.set(index, events);
    const [oldest] = this.unpacked.keys();
    if (this.unpacked.size > UNPACKED && oldest !== undefined) this.unpacked.delete(oldest);
    return events;
  }
}
