import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerMember } from "./consumer-member.ts";

/** What the members of a group subscribe to, once a decision's changes are counted in. */
export interface Subscriptions {
  readonly topicNames: ReadonlySet<string>;
  /** Every member subscribes to the same topics. */
  readonly isUniform: boolean;
}

/** Works out what a group subscribes to after a member has come or changed, or some have gone. */
export function subscriptionsAfter(
  group: ConsumerGroup,
  change: { readonly changed?: ConsumerMember; readonly removed?: readonly ConsumerMember[] },
): Subscriptions {
  const names = group.topicNames.copy();
  const regexes = group.regexSubscribers.copy();
  let memberCount = group.members.size;
  const { changed, removed = [] } = change;
  const before = changed === undefined ? undefined : group.members.get(changed.memberId);
  for (const member of before === undefined ? removed : [...removed, before]) {
    memberCount--;
    for (const name of member.subscribedTopicNames) names.subtract(name);
    if (member.subscribedTopicRegex !== "") regexes.subtract(member.subscribedTopicRegex);
  }
  if (changed !== undefined) {
    memberCount++;
    for (const name of changed.subscribedTopicNames) names.add(name);
    if (changed.subscribedTopicRegex !== "") regexes.add(changed.subscribedTopicRegex);
  }
  const topicNames = new Set(names.words());
  for (const regex of regexes.words()) {
    for (const topic of group.regexes.get(regex)?.topics ?? []) topicNames.add(topic);
  }
  const isAll = ([, count]: readonly [string, number]): boolean => count === memberCount;
  const isUniform =
    regexes.size === 0
      ? [...names.entries()].every(isAll)
      : regexes.size === 1 && names.size === 0 && [...regexes.entries()].every(isAll);
  return { topicNames, isUniform };
}

/** The topics that one member subscribes to, by names and by pattern. */
export function subscribedTopicNames(
  group: ConsumerGroup,
  member: ConsumerMember,
): readonly string[] {
  const { subscribedTopicNames: names, subscribedTopicRegex: regex } = member;
  const matched = regex === "" ? undefined : group.regexes.get(regex)?.topics;
  if (matched === undefined || matched.length === 0) return names;
  return names.length === 0 ? matched : [...new Set([...names, ...matched])];
}
