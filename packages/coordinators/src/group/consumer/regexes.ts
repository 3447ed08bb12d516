import { compileRegex } from "../../regex/index.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";
import type { ResolvedRegex } from "./consumer-group.ts";
import { type ConsumerMember, sameNames } from "./consumer-member.ts";
import type { Refusal, TopicTest } from "./consumer-requests.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** Patterns are not looked up again within this time, however often topics change. */
const REFRESH_INTERVAL_MS_MIN = 10_000;

/**
 * What looking for a pattern's topics may cost, in steps of the matcher: a tenth of a second of the
 * event loop. Patterns that people write take some hundreds, for however many topics.
 */
const WORK_MAX = 200_000;

/** The topics that a pattern matches, or why it is refused. */
type Lookup =
  | { readonly kind: "found"; readonly regex: string; readonly topics: readonly string[] }
  | { readonly kind: "refused"; readonly regex: string; readonly reason: string };

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
  const found = isNew ? lookUp(now, draft.environment.topics) : undefined;
  if (found?.kind === "refused") return regexRefusal(found);
  const isLast = before !== "" && hasChanged && regexSubscribers.count(before) === 1;
  if (isLast) {
    draft.fork();
    const { groupId } = draft.group;
    draft.write({ kind: "consumer-regex", groupId, regex: before, value: null });
  }
  const subscribed = new Set(regexSubscribers.words());
  if (isLast) subscribed.delete(before);
  subscribed.add(now);
  // As from Kafka, where patterns are looked up beside: what is named comes at once, what a new
  // pattern stands for with the next heartbeat. A pattern alone need not wait.
  if (isNew && to.subscribedTopicNames.length > 0) subscribed.delete(now);
  const hasRefreshed = refresh(draft, { subscribed, found, mayDescribe });
  return { hasChanged, needsNewTarget: hasChanged || hasRefreshed };
}

function regexRefusal({ regex, reason }: Extract<Lookup, { kind: "refused" }>): Refusal {
  return {
    error: "INVALID_REGULAR_EXPRESSION",
    message: `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${reason}.`,
  };
}

/** Looks up what is due; gives whether any pattern stands for other topics than before. */
function refresh(
  draft: ConsumerDraft,
  options: {
    readonly subscribed: ReadonlySet<string>;
    /** What was found just now of one of them. */
    readonly found: Lookup | undefined;
    readonly mayDescribe: TopicTest;
  },
): boolean {
  const { subscribed, found, mayDescribe } = options;
  const isAllDue = isRefreshDue(draft);
  const due = [...subscribed].filter(
    (regex) => regex !== "" && (isAllDue || !draft.group.regexes.has(regex)),
  );
  if (due.length === 0) return false;
  draft.fork();
  const { group, environment } = draft;
  const { topics, context } = environment;
  let hasChanged = false;
  for (const regex of due) {
    const before = group.regexes.get(regex)?.topics ?? [];
    const looked = found?.regex === regex ? found : lookUp(regex, topics);
    // A pattern of the log was accepted once; refused now, it stands for what it stood for.
    const all = looked.kind === "found" ? looked.topics : before;
    const matched = all.filter(mayDescribe);
    const { version } = topics;
    const resolved: ResolvedRegex = { topics: matched, version, timestampMs: context.nowMs };
    hasChanged ||= !sameNames(before, matched);
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

function lookUp(regex: string, topics: TopicMetadata): Lookup {
  const compiled = compileRegex(regex);
  if (compiled.kind === "refused") return { kind: "refused", regex, reason: compiled.reason };
  const matcher = compiled.regex;
  const matched: string[] = [];
  for (const name of topics.names()) {
    if (matcher.matches(name, WORK_MAX)) matched.push(name);
    if (matcher.work() > WORK_MAX)
      return { kind: "refused", regex, reason: "it takes too long to match" };
  }
  return { kind: "found", regex, topics: matched.sort() };
}
