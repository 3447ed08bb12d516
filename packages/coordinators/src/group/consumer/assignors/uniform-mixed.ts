import type { Uuid } from "@millrace/protocol";
import type { Assignment } from "../assignment.ts";
import type { GroupToAssign, MemberToAssign } from "./assignor.ts";
import { SizeHeap } from "./size-heap.ts";

/**
 * Rounds of balancing. Where all subscribers of a topic subscribe to the same it takes two; each
 * further one about halves what is left of the imbalance, as in Apache Kafka.
 */
const ROUNDS_MAX = 16;

interface Load {
  readonly memberId: string;
  readonly owned: Map<Uuid, Set<number>>;
  size: number;
}

/**
 * Shares partitions out among members that subscribe to different topics: everybody keeps what it
 * has and still wants, free partitions go to the least loaded subscriber, and then partitions move
 * from the most loaded subscriber of their topic to the least loaded one until none is worth
 * moving.
 */
export function assignMixed(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  const subscribers = new Map<Uuid, Load[]>();
  const loads = group.members.map((member) => loadOf(member, subscribers));
  const topicIds = [...subscribers.keys()].sort(byScarcity(group, subscribers));
  for (const topicId of topicIds) {
    giveFree(group, topicId, subscribers.get(topicId) ?? []);
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let moved = 0;
    for (const topicId of topicIds) moved += balance(topicId, subscribers.get(topicId) ?? []);
    if (moved === 0) break;
  }
  return new Map(loads.map(({ memberId, owned }) => [memberId, assignmentOf(owned)]));
}

function loadOf(member: MemberToAssign, subscribers: Map<Uuid, Load[]>): Load {
  const load: Load = { memberId: member.memberId, owned: new Map(), size: 0 };
  for (const topicId of member.topicIds) {
    const known = subscribers.get(topicId);
    if (known === undefined) subscribers.set(topicId, [load]);
    else known.push(load);
    const partitions = member.target.get(topicId);
    if (partitions === undefined) continue;
    load.owned.set(topicId, new Set(partitions));
    load.size += partitions.length;
  }
  return load;
}

/** Topics whose partitions have few members to go to are dealt out first. */
function byScarcity(group: GroupToAssign, subscribers: ReadonlyMap<Uuid, readonly Load[]>) {
  const perSubscriber = (topicId: Uuid): number =>
    (group.partitionCounts.get(topicId) ?? 0) / (subscribers.get(topicId)?.length ?? 1);
  return (left: Uuid, right: Uuid): number =>
    perSubscriber(right) - perSubscriber(left) ||
    (subscribers.get(left)?.length ?? 0) - (subscribers.get(right)?.length ?? 0) ||
    (left < right ? -1 : 1);
}

function giveFree(group: GroupToAssign, topicId: Uuid, subscribers: readonly Load[]): void {
  const owned = new Set<number>();
  for (const load of subscribers) {
    for (const partition of load.owned.get(topicId) ?? []) owned.add(partition);
  }
  const heap = new SizeHeap(subscribers, "smallest");
  const count = group.partitionCounts.get(topicId) ?? 0;
  for (let partition = 0; partition < count; partition++) {
    if (owned.has(partition)) continue;
    const load = heap.pop();
    if (load === undefined) return;
    give(load, topicId, partition);
    heap.push(load);
  }
}

/** Moves partitions of a topic from the most to the least loaded; gives how many. */
function balance(topicId: Uuid, subscribers: readonly Load[]): number {
  const givers = new SizeHeap(
    subscribers.filter((load) => (load.owned.get(topicId)?.size ?? 0) > 0),
    "largest",
  );
  const takers = new SizeHeap(subscribers, "smallest");
  let moved = 0;
  for (;;) {
    const giver = givers.pop();
    const taker = takers.pop();
    if (giver === undefined || taker === undefined || giver.size - taker.size <= 1) return moved;
    const partition = giver.owned.get(topicId)?.values().next().value;
    if (partition === undefined) {
      // An old entry of a member that has given away all of this topic.
      takers.push(taker);
      continue;
    }
    take(giver, topicId, partition);
    give(taker, topicId, partition);
    moved++;
    if ((giver.owned.get(topicId)?.size ?? 0) > 0) givers.push(giver);
    givers.push(taker);
    takers.push(giver);
    takers.push(taker);
  }
}

function give(load: Load, topicId: Uuid, partition: number): void {
  const partitions = load.owned.get(topicId) ?? new Set<number>();
  load.owned.set(topicId, partitions);
  partitions.add(partition);
  load.size++;
}

function take(load: Load, topicId: Uuid, partition: number): void {
  load.owned.get(topicId)?.delete(partition);
  load.size--;
}

function assignmentOf(owned: ReadonlyMap<Uuid, ReadonlySet<number>>): Assignment {
  const assignment = new Map<Uuid, readonly number[]>();
  for (const [topicId, partitions] of owned) {
    if (partitions.size === 0) continue;
    assignment.set(
      topicId,
      [...partitions].sort((left, right) => left - right),
    );
  }
  return assignment;
}
