import type { ConsumerGroupHeartbeat, RequestInput, Uuid } from "@millrace/protocol";
import { compareText } from "../assignors/ordering.ts";
import type { GroupOptions, Subscription, TopicPartition } from "../membership.ts";

type Request = RequestInput<typeof ConsumerGroupHeartbeat>;

/** What a member says of itself: the parts that the coordinator remembers. */
type Told = Pick<
  Request,
  | "rebalanceTimeoutMs"
  | "subscribedTopicNames"
  | "subscribedTopicRegex"
  | "serverAssignor"
  | "topicPartitions"
  | "rackId"
>;

/** The epoch of who wants to join. */
export const JOINING_EPOCH = 0;

/** A member at the moment of a heartbeat. */
export interface HeartbeatingMember {
  readonly memberId: string;
  readonly epoch: number;
  readonly subscription: Subscription;
  readonly owned: readonly TopicPartition[];
  readonly topicIds: ReadonlyMap<string, Uuid>;
}

/**
 * Makes a member's heartbeats: all of it when it joins or when nobody knows what arrived, then only
 * what has changed since.
 */
export class ConsumerHeartbeatRequest {
  readonly #options: GroupOptions;
  #told: Told | undefined;
  /** The coordinator knows an expression of this member. */
  #hasToldRegex = false;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** The next heartbeat tells everything. */
  forget(): void {
    this.#told = undefined;
  }

  /** Gives the next heartbeat; what it tells counts as told. */
  next(member: HeartbeatingMember): Request {
    const now = this.#now(member);
    const before = member.epoch === JOINING_EPOCH ? undefined : this.#told;
    this.#hasToldRegex ||= member.subscription.kind === "pattern";
    this.#told = now;
    const { groupId, groupInstanceId } = this.#options;
    return {
      groupId,
      memberId: member.memberId,
      memberEpoch: member.epoch,
      instanceId: groupInstanceId ?? null,
      ...(before === undefined ? now : changed(before, now)),
    };
  }

  #now({ subscription, owned, topicIds, epoch }: HeartbeatingMember): Told {
    const { maxPollIntervalMs, groupRemoteAssignor, rackId } = this.#options;
    const isPattern = subscription.kind === "pattern";
    return {
      rebalanceTimeoutMs: maxPollIntervalMs,
      subscribedTopicNames: isPattern ? [] : [...new Set(subscription.topics)].sort(compareText),
      ...this.#regexOf(subscription),
      serverAssignor: groupRemoteAssignor ?? null,
      rackId: rackId === "" ? null : rackId,
      topicPartitions: epoch === JOINING_EPOCH ? [] : byTopicId(owned, topicIds),
    };
  }

  /** An empty expression takes back one that was told; null would leave it as it is. */
  #regexOf(subscription: Subscription): Pick<Told, "subscribedTopicRegex"> {
    if (subscription.kind === "pattern") return { subscribedTopicRegex: subscription.pattern };
    return this.#hasToldRegex ? { subscribedTopicRegex: "" } : {};
  }
}

function changed(before: Told, now: Told): Told {
  const keys = [
    "rebalanceTimeoutMs",
    "subscribedTopicNames",
    "subscribedTopicRegex",
    "serverAssignor",
    "rackId",
    "topicPartitions",
  ] as const;
  const same = keys.filter((key) => JSON.stringify(before[key]) === JSON.stringify(now[key]));
  return Object.fromEntries(
    Object.entries(now).filter(([key]) => !same.some((one) => one === key)),
  );
}

function byTopicId(
  owned: readonly TopicPartition[],
  topicIds: ReadonlyMap<string, Uuid>,
): readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[] {
  return [...Map.groupBy(owned, ({ topic }) => topic)].flatMap(([topic, partitions]) => {
    const topicId = topicIds.get(topic);
    if (topicId === undefined) return [];
    return { topicId, partitions: partitions.map(({ partition }) => partition) };
  });
}
