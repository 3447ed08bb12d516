import type { GroupConfig } from "../group-config.ts";
import type { ClassicDraft } from "./classic-draft.ts";
import { refusedJoin, timerKeys } from "./classic-draft.ts";
import {
  allHaveJoined,
  type ClassicMember,
  NO_ASSIGNMENT,
  rebalanceTimeoutMs,
  selectProtocol,
} from "./classic-group.ts";

/**
 * Begins a rebalance unless one is under way; ends the one under way when this was what it waited
 * for.
 */
export function rebalanceOrComplete(draft: ClassicDraft, config: GroupConfig): void {
  if (draft.group.state === "preparing-rebalance") completeIfAllJoined(draft);
  else prepareRebalance(draft, config);
}

/** Asks every member to join again. */
export function prepareRebalance(draft: ClassicDraft, config: GroupConfig): void {
  const { group } = draft;
  if (group.state === "completing-rebalance") refuseSyncs(draft);
  const isInitial = group.state === "empty";
  draft.enter("preparing-rebalance");
  draft.pendingSyncs.clear();
  draft.cancel(timerKeys.sync(group.groupId));
  if (isInitial) beginInitialWait(draft, config);
  else if (allHaveJoined(group)) completeJoin(draft);
  else expectJoins(draft);
}

/**
 * Ends the join phase when everybody is there; the first rebalance of a group waits its time out.
 */
export function completeIfAllJoined(draft: ClassicDraft): void {
  if (draft.group.initialRebalance === undefined && allHaveJoined(draft.group)) {
    completeJoin(draft);
  }
}

/** The wait of a first rebalance ran out: it is extended while members keep coming. */
export function initialDelayPassed(draft: ClassicDraft, config: GroupConfig): void {
  const { group } = draft;
  const wait = group.initialRebalance;
  if (group.state !== "preparing-rebalance" || wait === undefined) return;
  if (wait.hasNewMember && wait.remainingMs > 0) {
    const delayMs = Math.min(config.initialRebalanceDelayMs, wait.remainingMs);
    group.initialRebalance = { remainingMs: wait.remainingMs - delayMs, hasNewMember: false };
    setJoinTimer(draft, delayMs, "initial-rebalance-delay");
    return;
  }
  completeJoin(draft);
}

/**
 * Begins the next generation with those who joined. Dynamic members that did not are removed;
 * static ones stay, for they may be restarting.
 */
export function completeJoin(draft: ClassicDraft): void {
  const { group, members } = draft;
  group.initialRebalance = undefined;
  draft.cancel(timerKeys.join(group.groupId));
  for (const member of members.values()) {
    if (member.awaitingJoin === undefined && member.groupInstanceId === null) {
      dropMember(draft, member);
    }
  }
  if (members.size > 0 && !electJoinedLeader(draft)) {
    // Only static members are left and none has joined: wait on, they may come back.
    expectJoins(draft);
    return;
  }
  beginGeneration(draft);
  for (const member of members.values()) {
    // A static member that has not come back yet takes part too, and is out if it does not sync.
    draft.answerJoin(member.memberId, draft.joinReply(member.memberId));
    draft.update(member.memberId, { isNew: false });
    draft.expectHeartbeat(member.memberId);
    draft.pendingSyncs.add(member.memberId);
  }
  if (members.size > 0) expectSyncs(draft);
}

/** Takes a member out; whatever it waits for is refused. Does not rebalance. */
export function dropMember(draft: ClassicDraft, member: ClassicMember): void {
  const { memberId } = member;
  draft.answerJoin(memberId, refusedJoin(memberId, "UNKNOWN_MEMBER_ID"));
  draft.answerSync(memberId, "UNKNOWN_MEMBER_ID");
  draft.forgetSession(memberId);
  draft.members.delete(memberId);
  draft.pendingSyncs.delete(memberId);
  if (draft.group.leaderId === memberId) {
    draft.group.leaderId = draft.members.keys().next().value ?? null;
  }
}

/** A member is gone: the others share its work out again. */
export function removeMember(
  draft: ClassicDraft,
  member: ClassicMember,
  config: GroupConfig,
): void {
  dropMember(draft, member);
  afterRemoval(draft, config);
}

/** What the end of a membership, or of a promised one, brings about. */
export function afterRemoval(draft: ClassicDraft, config: GroupConfig): void {
  const { state } = draft.group;
  if (state === "stable" || state === "completing-rebalance") prepareRebalance(draft, config);
  else if (state === "preparing-rebalance") completeIfAllJoined(draft);
}

/** Gives every member the assignment of the generation, which is then stable. */
export function becomeStable(
  draft: ClassicDraft,
  assignments: ReadonlyMap<string, Uint8Array>,
): void {
  draft.enter("stable");
  draft.needsRecord = true;
  for (const memberId of draft.members.keys()) {
    draft.update(memberId, { assignment: assignments.get(memberId) ?? NO_ASSIGNMENT });
    draft.answerSync(memberId, "NONE");
  }
}

function refuseSyncs(draft: ClassicDraft): void {
  for (const memberId of draft.members.keys()) {
    draft.update(memberId, { assignment: NO_ASSIGNMENT });
    const waits = draft.members.get(memberId)?.awaitingSync !== undefined;
    draft.answerSync(memberId, "REBALANCE_IN_PROGRESS");
    if (waits) draft.expectHeartbeat(memberId);
  }
}

function beginInitialWait(draft: ClassicDraft, config: GroupConfig): void {
  const { group } = draft;
  const delayMs = config.initialRebalanceDelayMs;
  const remainingMs = Math.max(rebalanceTimeoutMs(group) - delayMs, 0);
  group.initialRebalance = { remainingMs, hasNewMember: false };
  setJoinTimer(draft, delayMs, "initial-rebalance-delay");
}

function expectJoins(draft: ClassicDraft): void {
  setJoinTimer(draft, rebalanceTimeoutMs(draft.group), "join-expired");
}

function setJoinTimer(
  draft: ClassicDraft,
  delayMs: number,
  kind: "initial-rebalance-delay" | "join-expired",
): void {
  const { groupId } = draft.group;
  draft.timers.push({
    kind: "set",
    key: timerKeys.join(groupId),
    delayMs,
    input: { kind, groupId },
  });
}

function expectSyncs(draft: ClassicDraft): void {
  const { groupId, generationId } = draft.group;
  draft.timers.push({
    kind: "set",
    key: timerKeys.sync(groupId),
    delayMs: rebalanceTimeoutMs(draft.group),
    input: { kind: "sync-expired", groupId, generationId },
  });
}

/** Sees to it that the leader is one who joined; false when nobody has. */
function electJoinedLeader(draft: ClassicDraft): boolean {
  const { group, members } = draft;
  const leader = group.leaderId === null ? undefined : members.get(group.leaderId);
  if (leader?.awaitingJoin !== undefined) return true;
  for (const member of members.values()) {
    if (member.awaitingJoin === undefined) continue;
    group.leaderId = member.memberId;
    return true;
  }
  return false;
}

function beginGeneration(draft: ClassicDraft): void {
  const { group, members } = draft;
  group.generationId++;
  draft.pendingSyncs.clear();
  if (members.size > 0) {
    group.protocolName = selectProtocol(group);
    draft.enter("completing-rebalance");
    return;
  }
  group.protocolName = null;
  group.leaderId = null;
  draft.enter("empty");
  draft.needsRecord = true;
}
