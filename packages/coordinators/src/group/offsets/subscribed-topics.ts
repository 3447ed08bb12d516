import { protocolMetadata } from "../classic/classic-group.ts";
import { CONSUMER_PROTOCOL_TYPE, readSubscription } from "../consumer/embedded-protocol.ts";
import { subscriptionsAfter } from "../consumer/subscription.ts";
import type { Group } from "../group-state.ts";

/**
 * The topics that the members of a group have subscribed to; undefined when it cannot be told: the
 * group is a classic one of another type or between generations.
 */
export function subscribedTopics(group: Group): ReadonlySet<string> | undefined {
  if (group.kind === "consumer") return subscriptionsAfter(group, {}).topicNames;
  if (group.kind === "share") return new Set();
  if (group.kind === "streams") {
    return new Set(group.members.size === 0 ? [] : group.topology?.readers.keys());
  }
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) return undefined;
  if (group.members.size === 0) return new Set();
  if (group.protocolName === null) return undefined;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const metadata = protocolMetadata(member, group.protocolName);
    for (const topic of readSubscription(metadata)?.topics ?? []) topics.add(topic);
  }
  return topics;
}
