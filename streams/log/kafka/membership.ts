import type { TopicPartition } from '../log.ts';
import { assign } from './assignor.ts';
import type { Brokers } from './brokers.ts';
import type { Cluster } from './cluster.ts';
import { outlookOf, toLogError } from './failures.ts';
import { CODE, protocolCode } from './protocol/error-codes.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './protocol/group-messages.ts';

export interface MembershipOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly copartitioned: readonly (readonly string[])[];
  /** How long the group waits for a member that has fallen silent. */
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatMs: number;
}

export interface MembershipEvents {
  /** What this member holds and has not released yet. */
  held(): readonly TopicPartition[];
  /** What it shall hold. It calls `rejoin` when it has released what is not in there. */
  assigned(target: readonly TopicPartition[]): void;
  /** The group has put it out: others may hold what it holds. */
  lost(): void;
  failed(error: Error): void;
}

const PROTOCOL = 'cooperative-copartitioned';
const BACKOFF_MS = 200;

/**
 * Membership in a consumer group. It says hello while the owner processes, restores or releases, so that none of
 * these, however slow, makes the group think it dead. (kafkajs' consumer joins the next generation before its owner
 * could release anything, which is why it is not used.)
 */
export class Membership {
  readonly #cluster: Cluster;
  readonly #brokers: Brokers;
  readonly #options: MembershipOptions;
  readonly #events: MembershipEvents;
  readonly #leaving = new AbortController();
  #memberId = '';
  #generation = -1;
  #rejoin = new AbortController();

  constructor(cluster: Cluster, options: MembershipOptions, events: MembershipEvents) {
    this.#cluster = cluster;
    // A join is answered only when all members have joined.
    this.#brokers = cluster.lane();
    this.#options = options;
    this.#events = events;
    void this.#run();
  }

  /** Something was released that the group may now give to others. */
  rejoin(): void {
    this.#rejoin.abort();
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    const { group } = this.#options;
    if (this.#memberId !== '') {
      const request = { groupId: group, memberId: this.#memberId };
      const coordinator = this.#cluster.coordinator('group', group);
      // Unreached, the group notices by itself, only later.
      await coordinator
        .then((address) => this.#cluster.brokers.on(address, (broker) => broker.leaveGroup(request)))
        .catch(() => {});
    }
    void this.#brokers.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#join();
        await this.#beat();
      } catch (error) {
        if (this.#stopped) return;
        const code = protocolCode(error);
        if (code === CODE.REBALANCE_IN_PROGRESS) continue;
        if (code === CODE.UNKNOWN_MEMBER_ID || code === CODE.ILLEGAL_GENERATION) {
          this.#memberId = '';
          this.#events.lost();
          continue;
        }
        const outlook = outlookOf(error);
        if (outlook === 'final') {
          this.#events.failed(toLogError(error, `consumer group ${this.#options.group}`));
          return;
        }
        if (outlook === 'moved') this.#cluster.lookAgain();
        await this.#cluster.pause(BACKOFF_MS, this.#leaving.signal);
      }
    }
  }

  get #stopped(): boolean {
    return this.#leaving.signal.aborted || this.#cluster.closing.aborted;
  }

  async #join(): Promise<void> {
    const { group, topics, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    this.#rejoin = new AbortController();
    const coordinator = await this.#cluster.coordinator('group', group);
    const joined = await this.#brokers.on(coordinator, (broker) =>
      broker.joinGroup({
        groupId: group,
        memberId: this.#memberId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        groupProtocols: [
          { name: PROTOCOL, metadata: encodeSubscription({ topics, owned: this.#events.held() }) },
        ],
      }),
    );
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    if (this.#stopped) return;
    const groupAssignment = joined.leaderId === joined.memberId ? await this.#assign(joined.members) : [];
    const { memberAssignment } = await this.#brokers.on(coordinator, (broker) =>
      broker.syncGroup({
        groupId: group,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupAssignment,
      }),
    );
    if (!this.#stopped) this.#events.assigned(decodeAssignment(memberAssignment));
  }

  async #assign(
    joined: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[],
  ): Promise<{ readonly memberId: string; readonly memberAssignment: Buffer }[]> {
    const members = joined.map(({ memberId, memberMetadata }) => ({
      id: memberId,
      ...decodeSubscription(memberMetadata),
    }));
    const counts = new Map<string, number>();
    for (const topic of new Set(members.flatMap(({ topics }) => topics))) {
      counts.set(topic, await this.#cluster.partitionsOf(topic));
    }
    const assigned = assign(members, this.#options.copartitioned, (topic) => counts.get(topic) ?? 0);
    return [...assigned].map(([memberId, own]) => ({ memberId, memberAssignment: encodeAssignment(own) }));
  }

  /** Until something was released; a heartbeat that is told of a rebalance rejects. */
  async #beat(): Promise<void> {
    const { group, heartbeatMs } = this.#options;
    const wake = AbortSignal.any([this.#rejoin.signal, this.#leaving.signal]);
    while (!this.#stopped && !this.#rejoin.signal.aborted) {
      await this.#cluster.pause(heartbeatMs, wake);
      if (this.#stopped || this.#rejoin.signal.aborted) return;
      try {
        const coordinator = await this.#cluster.coordinator('group', group);
        await this.#brokers.on(coordinator, (broker) =>
          broker.heartbeat({
            groupId: group,
            groupGenerationId: this.#generation,
            memberId: this.#memberId,
          }),
        );
      } catch (error) {
        const outlook = outlookOf(error);
        if (outlook === 'final') throw error;
        if (outlook === 'moved') this.#cluster.lookAgain();
      }
    }
  }
}
