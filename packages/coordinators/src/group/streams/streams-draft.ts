import type { Outcome, Reply, TimerChange } from "../../runtime/index.ts";
import { timerKeys } from "../classic/classic-draft.ts";
import type { ConsumerEnvironment } from "../consumer/consumer-draft.ts";
import type { StreamsSettings } from "../group-config.ts";
import type { GroupRecord } from "../group-records.ts";
import type { GroupChange, GroupTypes } from "../group-types.ts";
import type { StreamsGroup, StreamsSoftState } from "./streams-group.ts";
import type { StreamsHeartbeatReply } from "./streams-requests.ts";

/** What decisions about streams groups meet. */
export type StreamsEnvironment = ConsumerEnvironment;

/** Timers of a streams group, by what they wait for. */
export const streamsTimerKeys = {
  session: timerKeys.session,
  revocation: (groupId: string, memberId: string) => `streams-revocation/${groupId}/${memberId}`,
  initialDelay: (groupId: string) => `streams-initial-delay/${groupId}`,
};

/**
 * A decision about a streams group in the making: the records, timers and replies so far. The group
 * stays as it is until the shard applies them.
 */
export class StreamsDraft {
  readonly group: StreamsGroup;
  readonly environment: StreamsEnvironment;
  readonly records: GroupRecord[] = [];
  readonly replies: Reply<GroupTypes>[] = [];
  readonly timers: TimerChange<GroupTypes>[] = [];
  #soft: Partial<StreamsSoftState> = {};

  constructor(group: StreamsGroup, environment: StreamsEnvironment) {
    this.group = group;
    this.environment = environment;
  }

  /** What the group runs with. */
  get settings(): StreamsSettings {
    return this.environment.config.streamsSettings(this.group.groupId);
  }

  /** The soft state as it will be. */
  get soft(): StreamsSoftState {
    return { ...this.group.soft, ...this.#soft };
  }

  write(...records: readonly GroupRecord[]): void {
    this.records.push(...records);
  }

  setSoft(news: Partial<StreamsSoftState>): void {
    this.#soft = { ...this.#soft, ...news };
  }

  reply(reply: StreamsHeartbeatReply): void {
    this.replies.push({ to: this.environment.context.replyTo, reply });
  }

  /** Expects the next sign of life of a member. */
  expectHeartbeat(memberId: string): void {
    const { groupId } = this.group;
    this.timers.push({
      kind: "set",
      key: streamsTimerKeys.session(groupId, memberId),
      delayMs: this.settings.sessionTimeoutMs,
      input: { kind: "streams-member-expired", groupId, memberId, memberEpoch: undefined },
    });
  }

  /** Expects a member to give up what it was told to, before it may go to the next epoch. */
  expectRevocation(memberId: string, options: { memberEpoch: number; timeoutMs: number }): void {
    const { groupId } = this.group;
    const { memberEpoch, timeoutMs } = options;
    this.timers.push({
      kind: "set",
      key: streamsTimerKeys.revocation(groupId, memberId),
      delayMs: timeoutMs,
      input: { kind: "streams-member-expired", groupId, memberId, memberEpoch },
    });
  }

  /** Waits for further members of a new group, from when the first one came. */
  expectMembers(delayMs: number): void {
    const { groupId } = this.group;
    this.timers.push({
      kind: "set-if-absent",
      key: streamsTimerKeys.initialDelay(groupId),
      delayMs,
      input: { kind: "streams-initial-rebalance-delay", groupId },
    });
  }

  cancelRevocation(memberId: string): void {
    this.#cancel(streamsTimerKeys.revocation(this.group.groupId, memberId));
  }

  /** Expects nothing of a member any more. */
  forgetMember(memberId: string): void {
    this.#cancel(streamsTimerKeys.session(this.group.groupId, memberId));
    this.cancelRevocation(memberId);
  }

  /** What is to come of the decision. */
  outcome(): Outcome<GroupTypes> {
    const { records, replies, timers } = this;
    return { records, replies, timers, changes: this.#changes() };
  }

  #changes(): GroupChange[] {
    if (Object.keys(this.#soft).length === 0) return [];
    return [{ kind: "streams-soft-state", groupId: this.group.groupId, soft: this.#soft }];
  }

  #cancel(key: string): void {
    this.timers.push({ kind: "cancel", key });
  }
}
