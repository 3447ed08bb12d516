import { type Assignment, NOTHING_ASSIGNED } from "../consumer/assignment.ts";
import { Tally } from "../consumer/tally.ts";
import type { ShareMember } from "./share-member.ts";
import { NO_STATE_PARTITIONS, type StatePartitions } from "./state-partitions.ts";

/** A share group's state as Kafka spells it; it follows from its members. */
export type ShareGroupStateName = "Empty" | "Stable";

/**
 * A group of consumers that take records from partitions they share (KIP-932). Owned by its shard
 * and changed by applying records alone.
 */
export class ShareGroup {
  readonly kind = "share";
  readonly groupId: string;
  /** Grows whenever the target assignment has to be worked out anew; 1 as in Apache Kafka 4.3. */
  epoch = 1;
  metadataHash = 0n;
  /** The epoch that the target assignment was worked out for. */
  targetEpoch = 0;
  /** When it was; 0 for never. */
  targetTimestampMs = 0;
  /** What the share coordinator keeps for the group. */
  statePartitions: StatePartitions = NO_STATE_PARTITIONS;
  /** The version of the topics that `metadataHash` was last compared with; not in the log. */
  checkedTopicsVersion = -1;
  readonly #members = new Map<string, ShareMember>();
  readonly #targets = new Map<string, Assignment>();
  readonly #topicNames = new Tally();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get members(): ReadonlyMap<string, ShareMember> {
    return this.#members;
  }

  get targets(): ReadonlyMap<string, Assignment> {
    return this.#targets;
  }

  /** How many members subscribe to each topic. */
  get topicNames(): Tally {
    return this.#topicNames;
  }

  get state(): ShareGroupStateName {
    return this.#members.size === 0 ? "Empty" : "Stable";
  }

  target(memberId: string): Assignment {
    return this.#targets.get(memberId) ?? NOTHING_ASSIGNED;
  }

  setMember(member: ShareMember): void {
    this.#forgetTopics(member.memberId);
    this.#members.set(member.memberId, member);
    for (const name of member.subscribedTopicNames) this.#topicNames.add(name);
  }

  removeMember(memberId: string): void {
    this.#forgetTopics(memberId);
    this.#members.delete(memberId);
  }

  setTarget(memberId: string, target: Assignment): void {
    this.#targets.set(memberId, target);
  }

  removeTarget(memberId: string): void {
    this.#targets.delete(memberId);
  }

  #forgetTopics(memberId: string): void {
    for (const name of this.#members.get(memberId)?.subscribedTopicNames ?? []) {
      this.#topicNames.subtract(name);
    }
  }
}

/** The topics that a group subscribes to once a member has come or changed, or one has gone. */
export function shareTopicNames(
  group: ShareGroup,
  change: { readonly changed?: ShareMember; readonly removed?: ShareMember },
): Tally {
  const { changed, removed } = change;
  const names = group.topicNames.copy();
  const before = removed ?? group.members.get(changed?.memberId ?? "");
  for (const name of before?.subscribedTopicNames ?? []) names.subtract(name);
  for (const name of changed?.subscribedTopicNames ?? []) names.add(name);
  return names;
}
