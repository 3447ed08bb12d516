import type { Uuid } from "@millrace/protocol";
import {
  type Assignment,
  NOTHING_OWNED,
  type OwnedPartitions,
  type TopicPartitions,
} from "./assignment.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import { type ConsumerMember, isReconciledTo } from "./consumer-member.ts";
import { type Refusal } from "./consumer-requests.ts";
import { subscribedTopicNames } from "./subscription.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** What a member is brought towards, and what it says. */
export interface Reconciliation {
  readonly group: ConsumerGroup;
  readonly member: ConsumerMember;
  readonly targetEpoch: number;
  readonly target: Assignment;
  readonly topics: TopicMetadata;
  /**
   * It subscribes to something else than before: it loses what it does not subscribe to any more.
   */
  readonly hasSubscriptionChanged: boolean;
  /** What the member still reads; null when it does not say. */
  readonly reported: readonly TopicPartitions[] | null;
}

/**
 * Brings a member as far towards its target assignment as it can go now (KIP-848):
 *
 * 1. What it has and is not to have it must give up first; until it says that it has, it stays in
 *    its epoch.
 * 2. Then it goes to the target's epoch and gets what nobody else has any more.
 * 3. What others still have it waits for in that epoch ("unreleased").
 * 4. With nothing left to wait for it is stable.
 *
 * Invariant: a partition is never given to a member while another one has it.
 * @returns the same object when nothing changes.
 */
export function reconcile(input: Reconciliation): ConsumerMember | Refusal {
  const { member, targetEpoch, hasSubscriptionChanged, reported } = input;
  if (!hasSubscriptionChanged && isReconciledTo(member, targetEpoch)) return member;
  switch (member.state) {
    case "stable":
      if (member.memberEpoch !== targetEpoch) return advance(input, member.memberEpoch);
      return dropUnsubscribed(input);
    case "unrevoked":
      if (stillHas(reported, member.pendingRevocation)) {
        return hasSubscriptionChanged ? dropUnsubscribed(input) : member;
      }
      // It may have had to give something up before there was a newer target to go to.
      return advance(input, Math.min(member.memberEpoch + 1, targetEpoch));
    case "unreleased":
      return advance(input, member.memberEpoch);
    case "unknown":
      if (reported === null || reported.length > 0) {
        return {
          error: "FENCED_MEMBER_EPOCH",
          message:
            "The member is in a state that is not known here. It must give up all its partitions and join again.",
        };
      }
      return advance(input, targetEpoch);
  }
}

type Mutable = Map<Uuid, Map<number, number>>;

function advance(input: Reconciliation, memberEpoch: number): ConsumerMember {
  const { member, targetEpoch } = input;
  const isSubscribed = subscriptionTest(input);
  const { kept, revoked } = splitOwned(input, isSubscribed);
  const previousMemberEpoch = member.memberEpoch;
  if (revoked.size > 0 && stillHas(input.reported, revoked)) {
    const news = { memberEpoch, previousMemberEpoch, assigned: kept, pendingRevocation: revoked };
    return { ...member, state: "unrevoked", ...news };
  }
  const waits = addFree(input, kept, isSubscribed);
  return {
    ...member,
    state: waits ? "unreleased" : "stable",
    memberEpoch: targetEpoch,
    previousMemberEpoch,
    assigned: kept,
    pendingRevocation: NOTHING_OWNED,
  };
}

/** What the member has: what it is to keep, and what not. */
function splitOwned(
  { member, target }: Reconciliation,
  isSubscribed: (topicId: Uuid) => boolean,
): { readonly kept: Mutable; readonly revoked: Mutable } {
  const kept: Mutable = new Map();
  const revoked: Mutable = new Map();
  for (const [topicId, owned] of member.assigned) {
    const wanted = isSubscribed(topicId) ? new Set(target.get(topicId)) : undefined;
    for (const [partition, epoch] of owned) {
      put(wanted?.has(partition) === true ? kept : revoked, { topicId, partition, epoch });
    }
  }
  return { kept, revoked };
}

/** Adds what the member is to have and nobody has; gives whether somebody else has any of it. */
function addFree(
  { group, member, target, targetEpoch: epoch }: Reconciliation,
  kept: Mutable,
  isSubscribed: (topicId: Uuid) => boolean,
): boolean {
  let waits = false;
  for (const [topicId, partitions] of target) {
    if (!isSubscribed(topicId)) continue;
    const owned = member.assigned.get(topicId);
    const pending = member.pendingRevocation.get(topicId);
    for (const partition of partitions) {
      if (owned?.has(partition) === true) continue;
      // What the member itself has still to give up is as good as free for it.
      const isFree =
        group.ownerOf(topicId, partition) === undefined || pending?.has(partition) === true;
      if (isFree) put(kept, { topicId, partition, epoch });
      else waits = true;
    }
  }
  return waits;
}

/** Takes away what the member does not subscribe to any more, in the epoch it is in. */
function dropUnsubscribed(input: Reconciliation): ConsumerMember {
  const { member } = input;
  const isSubscribed = subscriptionTest(input);
  const assigned: Mutable = new Map();
  const pendingRevocation = copyOf(member.pendingRevocation);
  let hasLost = false;
  for (const [topicId, owned] of member.assigned) {
    const place = isSubscribed(topicId) ? assigned : pendingRevocation;
    hasLost ||= place === pendingRevocation;
    for (const [partition, epoch] of owned) put(place, { topicId, partition, epoch });
  }
  if (!hasLost) return member;
  if (!stillHas(input.reported, pendingRevocation)) return { ...member, assigned };
  return { ...member, state: "unrevoked", assigned, pendingRevocation };
}

/** Whether a member has any of these partitions; one that does not say may have them all. */
function stillHas(reported: readonly TopicPartitions[] | null, lost: OwnedPartitions): boolean {
  if (reported === null) return true;
  return reported.some(({ topicId, partitions }) => {
    const lostHere = lost.get(topicId);
    return lostHere !== undefined && partitions.some((partition) => lostHere.has(partition));
  });
}

function subscriptionTest(input: Reconciliation): (topicId: Uuid) => boolean {
  const names = new Set(subscribedTopicNames(input.group, input.member));
  return (topicId) => {
    const name = input.topics.byId(topicId)?.name;
    return name !== undefined && names.has(name);
  };
}

function put(
  owned: Mutable,
  entry: { readonly topicId: Uuid; readonly partition: number; readonly epoch: number },
): void {
  const partitions = owned.get(entry.topicId) ?? new Map<number, number>();
  owned.set(entry.topicId, partitions);
  partitions.set(entry.partition, entry.epoch);
}

function copyOf(owned: OwnedPartitions): Mutable {
  return new Map([...owned].map(([topicId, partitions]) => [topicId, new Map(partitions)]));
}
