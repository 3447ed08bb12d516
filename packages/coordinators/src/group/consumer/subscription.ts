import type { ConsumerGroup } from "./consumer-group.ts";
import type { ConsumerMember } from "./consumer-member.ts";
import type { Tally } from "./tally.ts";

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
  const { changed, removed = [] } = change;
  const before = changed === undefined ? undefined : group.members.get(changed.memberId);
  const gone = before === undefined ? removed : [...removed, before];
  const come = changed === undefined ? [] : [changed];
  const memberCount = group.members.size - gone.length + come.length;
  const { names, regexes } = tallies(group, gone, come);
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

function tallies(
  group: ConsumerGroup,
  gone: readonly ConsumerMember[],
  come: readonly ConsumerMember[],
): { readonly names: Tally; readonly regexes: Tally } {
  const names = group.topicNames.copy();
  const regexes = group.regexSubscribers.copy();
  for (const { subscribedTopicNames: topics, subscribedTopicRegex: regex } of gone) {
    for (const name of topics) names.subtract(name);
    if (regex !== "") regexes.subtract(regex);
  }
  for (const { subscribedTopicNames: topics, subscribedTopicRegex: regex } of come) {
    for (const name of topics) names.add(name);
    if (regex !== "") regexes.add(regex);
  }
  return { names, regexes };
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
