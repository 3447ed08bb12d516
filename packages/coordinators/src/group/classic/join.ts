import type { Outcome, StepContext } from "../../runtime/index.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupTypes } from "../group-types.ts";
import { ClassicDraft, refusedJoin } from "./classic-draft.ts";
import {
  type ClassicGroup,
  type ClassicMember,
  NO_ASSIGNMENT,
  sameProtocols,
  selectProtocol,
  staticMember,
  supportsProtocols,
} from "./classic-group.ts";
import type { JoinInput, JoinReply } from "./classic-requests.ts";
import { classicOutcome } from "./classic-outcome.ts";
import { checkMember } from "./membership.ts";
import { completeIfAllJoined, prepareRebalance, rebalanceOrComplete } from "./rebalance.ts";

/**
 * A new member has this long for its first generation to begin: it sends no heartbeats until then.
 */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60 * 1000;

/** What a decision about a JoinGroup needs. */
interface Joining {
  readonly draft: ClassicDraft;
  readonly input: JoinInput;
  readonly config: GroupConfig;
  readonly context: StepContext;
}

/** Decides on a JoinGroup. */
export function join(
  group: ClassicGroup | undefined,
  input: JoinInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
): Outcome<GroupTypes> {
  const { config, context } = environment;
  const refuse = (error: JoinReply["error"]) => answer(context, refusedJoin(input.memberId, error));
  if (input.groupId === "") return refuse("INVALID_GROUP_ID");
  const { sessionTimeoutMs } = input;
  if (
    sessionTimeoutMs < config.sessionTimeoutMsMin ||
    sessionTimeoutMs > config.sessionTimeoutMsMax
  ) {
    return refuse("INVALID_SESSION_TIMEOUT");
  }
  if (group === undefined && input.memberId !== "") return refuse("UNKNOWN_MEMBER_ID");
  if (group !== undefined && !hasRoom(group, input, config))
    return refuse("GROUP_MAX_SIZE_REACHED");
  const draft = new ClassicDraft(group, { groupId: input.groupId, nowMs: context.nowMs });
  if (!supportsProtocols(draft.group, input.protocolType, input.protocols)) {
    return refuse("INCONSISTENT_GROUP_PROTOCOL");
  }
  const joining = { draft, input, config, context };
  const refusal = input.memberId === "" ? joinWithoutId(joining) : joinWithId(joining);
  return refusal === undefined ? classicOutcome(draft, group) : answer(context, refusal);
}

function answer(context: StepContext, reply: JoinReply): Outcome<GroupTypes> {
  return { replies: [{ to: context.replyTo, reply }] };
}

/**
 * Whether one more may join. Members of a running group are counted as they are; while it prepares
 * a rebalance those who have joined count, so that a group above a lowered limit shrinks to it.
 */
function hasRoom(group: ClassicGroup, input: JoinInput, config: GroupConfig): boolean {
  const limit = config.groupSizeMax;
  const member = group.members.get(input.memberId);
  if (group.state !== "preparing-rebalance") {
    return group.state === "empty" || member !== undefined || group.members.size < limit;
  }
  if (member?.awaitingJoin !== undefined || group.pendingMembers.has(input.memberId)) return true;
  let awaiting = 0;
  for (const { awaitingJoin } of group.members.values()) if (awaitingJoin !== undefined) awaiting++;
  return awaiting < limit;
}

function joinWithoutId(joining: Joining): JoinReply | undefined {
  const { draft, input, context } = joining;
  const prefix = input.groupInstanceId ?? input.clientId;
  const memberId = `${prefix}-${context.freshId()}`;
  if (input.groupInstanceId !== null) {
    const former = staticMember(draft.group, input.groupInstanceId);
    if (former === undefined) addMember(joining, memberId);
    else replaceStaticMember(joining, former, memberId);
    return undefined;
  }
  if (!input.requiresKnownMemberId) {
    addMember(joining, memberId);
    return undefined;
  }
  // KIP-394: who dies before it learns its id must not stay in the group for a session time-out.
  draft.pendingMembers.add(memberId);
  draft.expectHeartbeat(memberId, input.sessionTimeoutMs);
  draft.replies.push({ to: context.replyTo, reply: refusedJoin(memberId, "MEMBER_ID_REQUIRED") });
  return undefined;
}

function joinWithId(joining: Joining): JoinReply | undefined {
  const { draft, input } = joining;
  if (draft.pendingMembers.has(input.memberId)) {
    draft.pendingMembers.delete(input.memberId);
    addMember(joining, input.memberId);
    return undefined;
  }
  const error = checkMember(draft.group, input);
  if (error !== "NONE") return refusedJoin(input.memberId, error);
  const member = draft.members.get(input.memberId);
  if (member !== undefined) rejoin(joining, member);
  return undefined;
}

/**
 * A member joins again: a new generation begins unless nothing has changed that would ask for one.
 */
function rejoin(joining: Joining, member: ClassicMember): void {
  const { draft, input, config, context } = joining;
  const { group } = draft;
  const isUnchanged = sameProtocols(member.protocols, input.protocols);
  const isLeader = group.leaderId === member.memberId;
  const repeats =
    (group.state === "completing-rebalance" && isUnchanged) ||
    (group.state === "stable" && isUnchanged && !isLeader);
  if (repeats) {
    // The answer got lost on the way, most likely: the member gets the same one again.
    const reply = draft.joinReply(member.memberId);
    draft.replies.push({ to: context.replyTo, reply });
    draft.expectHeartbeat(member.memberId);
    return;
  }
  waitForGeneration(joining, member);
  if (group.state === "preparing-rebalance") completeIfAllJoined(draft);
  else prepareRebalance(draft, config);
}

function waitForGeneration(joining: Joining, member: ClassicMember): void {
  const { draft, input, context } = joining;
  // A request that the member sent before and that still waits is answered: nobody else will.
  draft.answerJoin(member.memberId, refusedJoin(member.memberId, "REBALANCE_IN_PROGRESS"));
  draft.update(member.memberId, {
    protocols: input.protocols,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    sessionTimeoutMs: input.sessionTimeoutMs,
    awaitingJoin: context.replyTo,
  });
}

function addMember(joining: Joining, memberId: string): void {
  const { draft, input, config, context } = joining;
  const { group } = draft;
  if (draft.members.size === 0) group.protocolType = input.protocolType;
  draft.members.set(memberId, {
    memberId,
    groupInstanceId: input.groupInstanceId,
    clientId: input.clientId,
    clientHost: input.clientHost,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    sessionTimeoutMs: input.sessionTimeoutMs,
    protocols: input.protocols,
    assignment: NO_ASSIGNMENT,
    isNew: true,
    awaitingJoin: context.replyTo,
    awaitingSync: undefined,
  });
  group.leaderId ??= memberId;
  if (group.initialRebalance !== undefined) {
    group.initialRebalance = { ...group.initialRebalance, hasNewMember: true };
  }
  draft.expectHeartbeat(memberId, NEW_MEMBER_JOIN_TIMEOUT_MS);
  rebalanceOrComplete(draft, config);
}

/** A static member came back without its id: it takes its former self's place, which is fenced. */
function replaceStaticMember(joining: Joining, former: ClassicMember, memberId: string): void {
  const { draft, input, config, context } = joining;
  const { group } = draft;
  const formerLeaderId = group.leaderId;
  draft.answerJoin(former.memberId, refusedJoin(former.memberId, "FENCED_INSTANCE_ID"));
  draft.answerSync(former.memberId, "FENCED_INSTANCE_ID");
  draft.forgetSession(former.memberId);
  takePlace(draft, former.memberId, {
    ...former,
    memberId,
    clientId: input.clientId,
    clientHost: input.clientHost,
    protocols: input.protocols,
    sessionTimeoutMs: input.sessionTimeoutMs,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    awaitingJoin: undefined,
    awaitingSync: undefined,
  });
  if (group.state === "stable" && selectProtocol(group) === group.protocolName) {
    draft.needsRecord = true;
    draft.replies.push({
      to: context.replyTo,
      reply: staticReply(joining, memberId, formerLeaderId),
    });
    draft.expectHeartbeat(memberId);
    return;
  }
  draft.update(memberId, { awaitingJoin: context.replyTo });
  if (group.state === "preparing-rebalance") completeIfAllJoined(draft);
  else prepareRebalance(draft, config);
}

/**
 * The answer to a static member that came back to a stable group. One that can skip the assignment
 * learns that it leads (KIP-814); any other must not know, or it would compute one nobody asked
 * for.
 */
function staticReply(joining: Joining, memberId: string, formerLeaderId: string | null): JoinReply {
  const { draft, input } = joining;
  if (!input.canSkipAssignment) {
    return draft.joinReply(memberId, { leaderId: formerLeaderId ?? "", members: [] });
  }
  return draft.joinReply(memberId, { skipAssignment: draft.group.leaderId === memberId });
}

/** Puts a member where another stands, in the same place of the order. */
function takePlace(draft: ClassicDraft, formerId: string, member: ClassicMember): void {
  const entries = [...draft.members];
  draft.members.clear();
  for (const [memberId, other] of entries) {
    if (memberId === formerId) draft.members.set(member.memberId, member);
    else draft.members.set(memberId, other);
  }
  if (draft.group.leaderId === formerId) draft.group.leaderId = member.memberId;
  if (draft.pendingSyncs.delete(formerId)) draft.pendingSyncs.add(member.memberId);
}
