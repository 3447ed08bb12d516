import { compileRegex, type Regex } from "../../regex/index.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import type { ResolvedRegex } from "./consumer-group.ts";
import { type ConsumerMember, sameNames } from "./consumer-member.ts";
import type { Refusal, TopicTest } from "./consumer-requests.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** Patterns are not looked up again within this time, however often topics change. */
const REFRESH_INTERVAL_MS_MIN = 10_000;

/** What came of a look at a group's patterns. */
export interface RegexChange {
  /** The member subscribes to another pattern than before. */
  readonly hasChanged: boolean;
  /** The topics that the group subscribes to may be others now. */
  readonly needsNewTarget: boolean;
}

/**
 * Looks up the pattern that a member subscribes to anew, and all patterns of the group again when
 * topics were made since, or after `group.consumer.regex.refresh.interval.ms`. A pattern stands for
 * no topic that the member whose heartbeat has it looked up may not describe, as in Apache Kafka.
 */
export function updateRegexes(
  draft: ConsumerDraft,
  from: ConsumerMember,
  to: ConsumerMember,
  mayDescribe: TopicTest,
): RegexChange | Refusal {
  const before = from.subscribedTopicRegex;
  const now = to.subscribedTopicRegex;
  const hasChanged = before !== now;
  const { regexSubscribers } = draft.group;
  if (!hasChanged && regexSubscribers.size === 0) return { hasChanged, needsNewTarget: false };
  const isNew = hasChanged && now !== "" && regexSubscribers.count(now) === 0;
  const fault = isNew ? regexFault(now) : undefined;
  if (fault !== undefined) return fault;
  const isLast = before !== "" && hasChanged && regexSubscribers.count(before) === 1;
  if (isLast) {
    draft.fork();
    const { groupId } = draft.group;
    draft.write({ kind: "consumer-regex", groupId, regex: before, value: null });
  }
  const subscribed = new Set(regexSubscribers.words());
  if (isLast) subscribed.delete(before);
  if (now !== "") subscribed.add(now);
  // As from Kafka, where patterns are looked up beside: what is named comes at once, what a new
  // pattern stands for with the next heartbeat. A pattern alone need not wait.
  if (isNew && to.subscribedTopicNames.length > 0) subscribed.delete(now);
  const hasRefreshed = refresh(draft, subscribed, mayDescribe);
  return { hasChanged, needsNewTarget: hasChanged || hasRefreshed };
}

function regexFault(regex: string): Refusal | undefined {
  const compiled = compileRegex(regex);
  if (compiled.kind !== "refused") return undefined;
  return {
    error: "INVALID_REGULAR_EXPRESSION",
    message: `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${compiled.reason}.`,
  };
}

/** Looks up what is due; gives whether any pattern stands for other topics than before. */
function refresh(
  draft: ConsumerDraft,
  subscribed: ReadonlySet<string>,
  mayDescribe: TopicTest,
): boolean {
  const isAllDue = isRefreshDue(draft);
  const due = [...subscribed].filter((regex) => isAllDue || !draft.group.regexes.has(regex));
  if (due.length === 0) return false;
  draft.fork();
  const { group, environment } = draft;
  const { topics, context } = environment;
  let hasChanged = false;
  for (const regex of due) {
    const matched = topicsOf(regex, topics).filter(mayDescribe);
    const { version } = topics;
    const resolved: ResolvedRegex = { topics: matched, version, timestampMs: context.nowMs };
    hasChanged ||= !sameNames(group.regexes.get(regex)?.topics ?? [], matched);
    draft.write({
      kind: "consumer-regex",
      groupId: group.groupId,
      regex,
      value: { topics: [...matched], version, timestamp: resolved.timestampMs },
    });
  }
  return hasChanged;
}

/** All patterns of a group are looked up together, so that the first one tells when. */
function isRefreshDue({ group, environment }: ConsumerDraft): boolean {
  const last = group.regexes.values().next().value;
  if (last === undefined) return false;
  const { config, context, topics } = environment;
  const sinceMs = context.nowMs - last.timestampMs;
  if (sinceMs <= REFRESH_INTERVAL_MS_MIN) return false;
  return topics.newTopicsVersion > last.version || sinceMs > config.regexRefreshIntervalMs;
}

function topicsOf(regex: string, topics: TopicMetadata): readonly string[] {
  const compiled = compileRegex(regex);
  // A pattern of the log was accepted once; one that is not understood any more matches nothing.
  if (compiled.kind === "refused") return [];
  return matching(compiled.regex, topics);
}

function matching(regex: Regex, topics: TopicMetadata): readonly string[] {
  const matched: string[] = [];
  for (const name of topics.names()) if (regex.matches(name)) matched.push(name);
  return matched.sort();
}
