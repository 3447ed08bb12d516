import type { Reply, StepContext, TimerChange } from "../../runtime/index.ts";
import { timerKeys } from "../classic/classic-draft.ts";
import type { ConsumerTimes, GroupConfig } from "../group-config.ts";
import type { GroupRecord } from "../group-records.ts";
import type { GroupChange, GroupTypes } from "../group-types.ts";
import { applyConsumerRecord } from "./apply-consumer-record.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerRecord } from "./consumer-records.ts";
import type { MetadataHashes } from "./metadata-hash.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** What decisions about consumer groups meet. */
export interface ConsumerEnvironment {
  readonly config: GroupConfig;
  readonly context: StepContext;
  readonly topics: TopicMetadata;
  readonly hashes: MetadataHashes;
}

/**
 * A decision about a consumer group in the making: the records, timers and replies so far. The
 * group of the shard stays as it is; where a decision must see its own records it has the draft
 * `fork` the group first.
 */
export class ConsumerDraft {
  readonly environment: ConsumerEnvironment;
  readonly records: GroupRecord[] = [];
  readonly replies: Reply<GroupTypes>[] = [];
  readonly timers: TimerChange<GroupTypes>[] = [];
  readonly changes: GroupChange[] = [];
  #group: ConsumerGroup;
  #isFork: boolean;

  /** `isNew`: the group is the draft's own, and not yet the shard's. */
  constructor(group: ConsumerGroup, environment: ConsumerEnvironment, isNew = false) {
    this.#group = group;
    this.environment = environment;
    this.#isFork = isNew;
  }

  /** The group as this decision sees it. */
  get group(): ConsumerGroup {
    return this.#group;
  }

  /** The times that the group runs with. */
  get times(): ConsumerTimes {
    return this.environment.config.consumerTimes(this.#group.groupId);
  }

  /** From now on the group shows what is written. */
  fork(): void {
    if (this.#isFork) return;
    this.#group = this.#group.copy();
    this.#isFork = true;
  }

  write(...records: readonly ConsumerRecord[]): void {
    for (const record of records) {
      this.records.push(record);
      if (this.#isFork) applyConsumerRecord(this.#group, record);
    }
  }

  /** Expects the next sign of life of a member. */
  expectHeartbeat(memberId: string, sessionTimeoutMs: number): void {
    this.#expire(timerKeys.session(this.#group.groupId, memberId), memberId, sessionTimeoutMs);
  }

  /** Expects a member to give up what it was told to, before it may go to the next epoch. */
  expectRevocation(memberId: string, options: { memberEpoch: number; timeoutMs: number }): void {
    const { groupId } = this.#group;
    const { memberEpoch, timeoutMs } = options;
    this.timers.push({
      kind: "set",
      key: consumerTimerKeys.revocation(groupId, memberId),
      delayMs: timeoutMs,
      input: { kind: "consumer-member-expired", groupId, memberId, memberEpoch },
    });
  }

  /** Expects a classic member to join again, from when it was first told to. */
  expectJoin(memberId: string, timeoutMs: number): void {
    const { groupId } = this.#group;
    this.timers.push({
      kind: "set-if-absent",
      key: consumerTimerKeys.join(groupId, memberId),
      delayMs: timeoutMs,
      input: { kind: "consumer-member-expired", groupId, memberId, memberEpoch: undefined },
    });
  }

  /** Expects a classic member to ask for its assignment. */
  expectSync(memberId: string, timeoutMs: number): void {
    this.#expire(consumerTimerKeys.sync(this.#group.groupId, memberId), memberId, timeoutMs);
  }

  cancel(key: string): void {
    this.timers.push({ kind: "cancel", key });
  }

  /** Expects nothing of a member any more. */
  forgetMember(memberId: string): void {
    const { groupId } = this.#group;
    this.cancel(timerKeys.session(groupId, memberId));
    this.cancel(consumerTimerKeys.revocation(groupId, memberId));
    this.cancel(consumerTimerKeys.join(groupId, memberId));
    this.cancel(consumerTimerKeys.sync(groupId, memberId));
  }

  #expire(key: string, memberId: string, delayMs: number): void {
    const { groupId } = this.#group;
    const input = {
      kind: "consumer-member-expired",
      groupId,
      memberId,
      memberEpoch: undefined,
    } as const;
    this.timers.push({ kind: "set", key, delayMs, input });
  }
}

/** Timers of a consumer group, by what they wait for; a session's key is that of classic groups. */
export const consumerTimerKeys = {
  revocation: (groupId: string, memberId: string) => `revocation/${groupId}/${memberId}`,
  join: (groupId: string, memberId: string) => `member-join/${groupId}/${memberId}`,
  sync: (groupId: string, memberId: string) => `member-sync/${groupId}/${memberId}`,
};
