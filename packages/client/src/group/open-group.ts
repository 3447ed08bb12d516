import type { Cluster } from "../cluster.ts";
import { assignorsOf, protocolOf } from "./assignors/built-in.ts";
import { AutoMembership } from "./auto-membership.ts";
import { ClassicMembership } from "./classic/classic-membership.ts";
import { ConsumerMembership } from "./consumer/consumer-membership.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import type { Group, GroupOptions, MembershipListener } from "./membership.ts";
import { CoordinatorOffsetStore } from "./offsets/offset-store.ts";
import { partitionKey } from "./partition-set.ts";

/**
 * Gives a consumer its group: a membership that joins with the first subscription, and the
 * committed offsets, which can be asked for without ever joining.
 * @throws KafkaError INVALID_OPTION when the assignors do not fit together
 */
export function openGroup(
  cluster: Cluster,
  options: GroupOptions,
  listener: MembershipListener,
): Group {
  const membership = membershipOf(cluster, options, listener);
  const spoken = (): ClassicMembership | ConsumerMembership | undefined =>
    membership instanceof AutoMembership ? membership.spoken : membership;
  const offsets = new CoordinatorOffsetStore({
    cluster,
    options,
    link: new CoordinatorLink(cluster, options.groupId),
    owner: {
      metadata: () => membership.metadata(),
      get hasMemberEpochs() {
        return spoken() instanceof ConsumerMembership;
      },
      owns: (partition) => {
        const key = partitionKey(partition);
        return membership.assignment().some((owned) => partitionKey(owned) === key);
      },
      onRefused: (error, sentBy) => spoken()?.onCommitRefused(error, sentBy),
    },
  });
  return { membership, offsets };
}

function membershipOf(
  cluster: Cluster,
  options: GroupOptions,
  listener: MembershipListener,
): AutoMembership | ClassicMembership | ConsumerMembership {
  switch (options.groupProtocol) {
    case "auto":
      // Who is a classic member only later must not learn only then that it cannot be one.
      protocolOf(assignorsOf(options.partitionAssignors));
      return new AutoMembership(cluster, options, listener);
    case "classic":
      return new ClassicMembership(cluster, options, listener);
    case "consumer":
      return new ConsumerMembership(cluster, options, listener);
  }
}
