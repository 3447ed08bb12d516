import type { Uuid } from "@millrace/protocol";
import { type Assignment, NOTHING_ASSIGNED, type OwnedPartitions } from "./assignment.ts";
import { type ConsumerMember, isReconciledTo } from "./consumer-member.ts";
import { Tally } from "./tally.ts";

/** The topics that a pattern stood for when it was last looked up. */
export interface ResolvedRegex {
  /** Ascending. */
  readonly topics: readonly string[];
  /** The version of the metadata that it was looked up in. */
  readonly version: number;
  readonly timestampMs: number;
}

/** A consumer group's state as Kafka spells it; it follows from everything else. */
export type ConsumerGroupStateName = "Empty" | "Assigning" | "Reconciling" | "Stable";

/** Kafka's groups begin at 1: an epoch that a group has reached is never that of joining. */
const FIRST_EPOCH = 1;

/**
 * A group of the consumer protocol (KIP-848). Owned by its shard and changed by applying records
 * alone; a decision that needs to see its own records works on a `copy`.
 * Invariant: every index agrees with the members and targets it is made from.
 */
export class ConsumerGroup {
  readonly kind = "consumer";
  readonly groupId: string;
  /** Grows whenever the target assignment has to be worked out anew. */
  epoch = FIRST_EPOCH;
  metadataHash = 0n;
  /** The epoch that the target assignment was worked out for. */
  targetEpoch = FIRST_EPOCH;
  /** When it was; 0 for never. */
  targetTimestampMs = 0;
  /** The log has a record that versions before 4.1 wrote, to be removed. */
  hasPartitionMetadata = false;
  /** The version of the topics that `metadataHash` was last compared with; not in the log. */
  checkedTopicsVersion = -1;
  readonly #members = new Map<string, ConsumerMember>();
  readonly #targets = new Map<string, Assignment>();
  readonly #regexes = new Map<string, ResolvedRegex>();
  readonly #staticMembers = new Map<string, string>();
  readonly #topicNames = new Tally();
  readonly #regexSubscribers = new Tally();
  readonly #serverAssignors = new Tally();
  readonly #classicProtocols = new Tally();
  #classicCount = 0;
  readonly #owners = new PartitionIndex();
  readonly #targetOwners = new PartitionIndex();

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  get members(): ReadonlyMap<string, ConsumerMember> {
    return this.#members;
  }

  get targets(): ReadonlyMap<string, Assignment> {
    return this.#targets;
  }

  get regexes(): ReadonlyMap<string, ResolvedRegex> {
    return this.#regexes;
  }

  /** How many members subscribe to each topic by its name. */
  get topicNames(): Tally {
    return this.#topicNames;
  }

  /** How many members subscribe to each pattern. */
  get regexSubscribers(): Tally {
    return this.#regexSubscribers;
  }

  /** How many members ask for each assignor. */
  get serverAssignors(): Tally {
    return this.#serverAssignors;
  }

  /** How many members speak the classic protocol. */
  get classicCount(): number {
    return this.#classicCount;
  }

  /** How many of them speak each protocol. */
  get classicProtocols(): Tally {
    return this.#classicProtocols;
  }

  /** What the group is doing. */
  get state(): ConsumerGroupStateName {
    if (this.#members.size === 0) return "Empty";
    if (this.epoch > this.targetEpoch) return "Assigning";
    for (const member of this.#members.values()) {
      if (!isReconciledTo(member, this.targetEpoch)) return "Reconciling";
    }
    return "Stable";
  }

  /** The member with a static identity. */
  staticMember(instanceId: string | null): ConsumerMember | undefined {
    const memberId = instanceId === null ? undefined : this.#staticMembers.get(instanceId);
    return memberId === undefined ? undefined : this.#members.get(memberId);
  }

  target(memberId: string): Assignment {
    return this.#targets.get(memberId) ?? NOTHING_ASSIGNED;
  }

  /** The member that has a partition or has still to give it up. */
  ownerOf(topicId: Uuid, partition: number): string | undefined {
    return this.#owners.get(topicId, partition);
  }

  /** Whether the target assignment gives a partition to anybody. */
  isTargeted(topicId: Uuid, partition: number): boolean {
    return this.#targetOwners.get(topicId, partition) !== undefined;
  }

  setMember(member: ConsumerMember): void {
    const { memberId } = member;
    this.#forget(this.#members.get(memberId));
    this.#members.set(memberId, member);
    for (const name of member.subscribedTopicNames) this.#topicNames.add(name);
    if (member.subscribedTopicRegex !== "") this.#regexSubscribers.add(member.subscribedTopicRegex);
    if (member.serverAssignor !== null) this.#serverAssignors.add(member.serverAssignor);
    if (member.instanceId !== null) this.#staticMembers.set(member.instanceId, memberId);
    if (member.classic !== null) {
      this.#classicCount++;
      for (const { name } of member.classic.protocols) this.#classicProtocols.add(name);
    }
    this.#owners.addOwned(member.assigned, memberId);
    this.#owners.addOwned(member.pendingRevocation, memberId);
  }

  removeMember(memberId: string): void {
    const member = this.#members.get(memberId);
    this.#forget(member);
    this.#members.delete(memberId);
    const instanceId = member?.instanceId ?? null;
    if (instanceId !== null && this.#staticMembers.get(instanceId) === memberId) {
      this.#staticMembers.delete(instanceId);
    }
  }

  setTarget(memberId: string, target: Assignment): void {
    this.removeTarget(memberId);
    this.#targets.set(memberId, target);
    this.#targetOwners.add(target, memberId);
  }

  removeTarget(memberId: string): void {
    this.#targetOwners.remove(this.target(memberId), memberId);
    this.#targets.delete(memberId);
  }

  setRegex(regex: string, resolved: ResolvedRegex): void {
    this.#regexes.set(regex, resolved);
  }

  removeRegex(regex: string): void {
    this.#regexes.delete(regex);
  }

  /** A group that can be changed without changing this one; members and targets are shared. */
  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.groupId);
    copy.epoch = this.epoch;
    copy.metadataHash = this.metadataHash;
    copy.targetEpoch = this.targetEpoch;
    copy.targetTimestampMs = this.targetTimestampMs;
    copy.hasPartitionMetadata = this.hasPartitionMetadata;
    copy.checkedTopicsVersion = this.checkedTopicsVersion;
    for (const member of this.#members.values()) copy.setMember(member);
    for (const [memberId, target] of this.#targets) copy.setTarget(memberId, target);
    for (const [regex, resolved] of this.#regexes) copy.setRegex(regex, resolved);
    return copy;
  }

  #forget(member: ConsumerMember | undefined): void {
    if (member === undefined) return;
    for (const name of member.subscribedTopicNames) this.#topicNames.subtract(name);
    const { subscribedTopicRegex: regex, serverAssignor, classic, memberId } = member;
    if (regex !== "") this.#regexSubscribers.subtract(regex);
    if (serverAssignor !== null) this.#serverAssignors.subtract(serverAssignor);
    if (classic !== null) {
      this.#classicCount--;
      for (const { name } of classic.protocols) this.#classicProtocols.subtract(name);
    }
    this.#owners.removeOwned(member.assigned, memberId);
    this.#owners.removeOwned(member.pendingRevocation, memberId);
  }
}

/** Whose each partition is. A later owner is not forgotten when an earlier one is removed. */
class PartitionIndex {
  readonly #owners = new Map<Uuid, Map<number, string>>();

  get(topicId: Uuid, partition: number): string | undefined {
    return this.#owners.get(topicId)?.get(partition);
  }

  add(assignment: Assignment, memberId: string): void {
    for (const [topicId, partitions] of assignment) this.#set(topicId, partitions, memberId);
  }

  addOwned(owned: OwnedPartitions, memberId: string): void {
    for (const [topicId, partitions] of owned) this.#set(topicId, partitions.keys(), memberId);
  }

  remove(assignment: Assignment, memberId: string): void {
    for (const [topicId, partitions] of assignment) this.#unset(topicId, partitions, memberId);
  }

  removeOwned(owned: OwnedPartitions, memberId: string): void {
    for (const [topicId, partitions] of owned) this.#unset(topicId, partitions.keys(), memberId);
  }

  #set(topicId: Uuid, partitions: Iterable<number>, memberId: string): void {
    const owners = this.#owners.get(topicId) ?? new Map<number, string>();
    this.#owners.set(topicId, owners);
    for (const partition of partitions) owners.set(partition, memberId);
  }

  #unset(topicId: Uuid, partitions: Iterable<number>, memberId: string): void {
    const owners = this.#owners.get(topicId);
    if (owners === undefined) return;
    for (const partition of partitions) {
      if (owners.get(partition) === memberId) owners.delete(partition);
    }
    if (owners.size === 0) this.#owners.delete(topicId);
  }
}
