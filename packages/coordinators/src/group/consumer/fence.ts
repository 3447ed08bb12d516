import type { Outcome } from "../../runtime/index.ts";
import type { Group } from "../group-state.ts";
import type { GroupTypes } from "../group-types.ts";
import { ConsumerDraft, type ConsumerEnvironment } from "./consumer-draft.ts";
import type { ConsumerMember } from "./consumer-member.ts";
import { consumerOutcome } from "./consumer-outcome.ts";
import type { ConsumerTimerInput } from "./consumer-requests.ts";
import { canDowngrade, downgradeToClassic } from "./downgrade.ts";
import { writeRemoval } from "./membership.ts";
import { subscriptionsAfter } from "./subscription.ts";

/**
 * Takes members out: their partitions are free at once, and the group's epoch grows, so that the
 * next heartbeat shares them out. A group of which only classic members are left becomes classic.
 */
export function fenceMembers(draft: ConsumerDraft, members: readonly ConsumerMember[]): void {
  if (members.length === 0) return;
  if (canDowngrade(draft, members)) {
    downgradeToClassic(draft, { leaving: members, needsRebalance: true });
    return;
  }
  const { group, environment } = draft;
  const { groupId } = group;
  const { topicNames } = subscriptionsAfter(group, { removed: members });
  const lost = regexesWithout(draft, members);
  for (const { memberId } of members) {
    writeRemoval(draft, memberId);
    draft.forgetMember(memberId);
  }
  for (const regex of lost) draft.write({ kind: "consumer-regex", groupId, regex, value: null });
  const metadataHash = environment.hashes.of(topicNames, environment.topics);
  const epoch = group.epoch + 1;
  draft.write({ kind: "consumer-group", groupId, value: { epoch, metadataHash } });
}

/** Decides on a member that did not do in time what it had to. */
export function memberExpired(
  group: Group | undefined,
  input: ConsumerTimerInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  if (group?.kind !== "consumer") return {};
  const member = group.members.get(input.memberId);
  if (member === undefined) return {};
  if (input.memberEpoch !== undefined && input.memberEpoch !== member.memberEpoch) return {};
  const draft = new ConsumerDraft(group, environment);
  fenceMembers(draft, [member]);
  return consumerOutcome(draft);
}

/** The patterns that nobody subscribes to once some members have gone. */
function regexesWithout(draft: ConsumerDraft, members: readonly ConsumerMember[]): Set<string> {
  const { group } = draft;
  const left = group.regexSubscribers.copy();
  const lost = new Set<string>();
  for (const { subscribedTopicRegex: regex } of members) {
    if (regex === "") continue;
    left.subtract(regex);
    if (left.count(regex) === 0) lost.add(regex);
  }
  return lost;
}
