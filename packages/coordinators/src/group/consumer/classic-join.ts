import type { Outcome } from "../../runtime/index.ts";
import { refusedJoin } from "../classic/classic-draft.ts";
import type { JoinInput, JoinReply } from "../classic/classic-requests.ts";
import type { GroupTypes } from "../group-types.ts";
import { ConsumerDraft, consumerTimerKeys, type ConsumerEnvironment } from "./consumer-draft.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import { type ConsumerMember, sortedNames } from "./consumer-member.ts";
import { consumerOutcome } from "./consumer-outcome.ts";
import { isRefusal, type Refusal } from "./consumer-requests.ts";
import { canDowngrade, downgradeToClassic } from "./downgrade.ts";
import {
  CONSUMER_PROTOCOL_TYPE,
  type EmbeddedSubscription,
  readSubscription,
  withTopicIds,
} from "./embedded-protocol.ts";
import { bringForward, takeDown } from "./heartbeat.ts";
import { joinedMember } from "./membership.ts";
import { groupIsFull } from "./open-group.ts";

/**
 * Decides on a JoinGroup to a consumer group: a member that speaks the classic protocol takes part,
 * its generation being its member epoch. It is answered at once: nobody waits for anybody.
 */
export function joinConsumerGroup(
  group: ConsumerGroup,
  input: JoinInput,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const { context } = environment;
  const memberId = input.memberId === "" ? context.freshId() : input.memberId;
  const draft = new ConsumerDraft(group, environment);
  const reply = joinReply(draft, input, memberId);
  if (!isRefusal(reply)) {
    draft.replies.push({ to: context.replyTo, reply });
    return consumerOutcome(draft);
  }
  const refused = refusedJoin(
    reply.error === "MEMBER_ID_REQUIRED" ? memberId : input.memberId,
    reply.error,
  );
  return { replies: [{ to: context.replyTo, reply: refused }] };
}

function joinReply(draft: ConsumerDraft, input: JoinInput, memberId: string): JoinReply | Refusal {
  const subscription = readSubscription(input.protocols[0]?.metadata ?? new Uint8Array(0));
  const refusal = checkJoin(draft, input, memberId);
  if (refusal !== undefined) return refusal;
  if (subscription === undefined) return refused("INCONSISTENT_GROUP_PROTOCOL");
  const formerly = draft.group.staticMember(input.groupInstanceId);
  const from = joinedMember(draft, {
    memberId,
    memberEpoch: -1,
    instanceId: input.groupInstanceId,
    reported: [],
    joins: input.groupInstanceId === null || input.memberId === "",
    isClassic: true,
  });
  if (isRefusal(from)) return from;
  const to = withClassicNews(from, input, subscription);
  const change = takeDown(draft, from, to, input.mayDescribe);
  if (isRefusal(change)) return change;
  // The last member of the new protocol came back in the classic one: so does the group.
  if (formerly?.classic === null && canDowngrade(draft, [])) {
    const { epoch } = draft.group;
    downgradeToClassic(draft, { leaving: [], needsRebalance: change.hasSubscriptionChanged });
    return joined(input, memberId, epoch);
  }
  const reported = withTopicIds(subscription.ownedPartitions, draft.environment.topics);
  const member = bringForward(draft, { to, reported, ...change });
  if (isRefusal(member)) return member;
  draft.cancel(consumerTimerKeys.join(draft.group.groupId, member.memberId));
  draft.expectHeartbeat(member.memberId, input.sessionTimeoutMs);
  draft.expectSync(member.memberId, input.rebalanceTimeoutMs);
  return joined(input, member.memberId, member.memberEpoch);
}

function joined(input: JoinInput, memberId: string, generationId: number): JoinReply {
  return {
    kind: "join-group",
    error: "NONE",
    generationId,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    protocolName: input.protocols[0]?.name ?? "",
    leaderId: "",
    skipAssignment: false,
    memberId,
    members: [],
  };
}

function checkJoin(draft: ConsumerDraft, input: JoinInput, memberId: string): Refusal | undefined {
  const { group, environment } = draft;
  const { sessionTimeoutMsMin, sessionTimeoutMsMax } = environment.config;
  const { sessionTimeoutMs } = input;
  if (sessionTimeoutMs < sessionTimeoutMsMin || sessionTimeoutMs > sessionTimeoutMsMax) {
    return refused("INVALID_SESSION_TIMEOUT");
  }
  if (environment.config.migrationPolicy === "disabled") {
    return refused("INCONSISTENT_GROUP_PROTOCOL");
  }
  const full = groupIsFull(draft, memberId);
  if (full !== undefined) return full;
  if (!supports(group, input)) return refused("INCONSISTENT_GROUP_PROTOCOL");
  const needsId =
    input.memberId === "" && input.groupInstanceId === null && input.requiresKnownMemberId;
  return needsId ? refused("MEMBER_ID_REQUIRED") : undefined;
}

function supports(group: ConsumerGroup, { protocolType, protocols }: JoinInput): boolean {
  if (protocolType !== CONSUMER_PROTOCOL_TYPE) return false;
  return protocols.some(({ name }) => group.classicProtocols.count(name) === group.classicCount);
}

function withClassicNews(
  member: ConsumerMember,
  input: JoinInput,
  subscription: EmbeddedSubscription,
): ConsumerMember {
  const { sessionTimeoutMs, protocols, clientId, clientHost, rebalanceTimeoutMs } = input;
  return {
    ...member,
    instanceId: input.groupInstanceId ?? member.instanceId,
    rackId: subscription.rackId ?? member.rackId,
    rebalanceTimeoutMs,
    subscribedTopicNames: sortedNames(subscription.topics),
    // A classic client matches its pattern itself.
    subscribedTopicRegex: "",
    clientId,
    clientHost,
    classic: { sessionTimeoutMs, protocols },
  };
}

function refused(error: Refusal["error"]): Refusal {
  return { error, message: "" };
}
