import type { Outcome, StepContext } from "../../runtime/index.ts";
import type { GroupConfig } from "../group-config.ts";
import type { GroupTypes } from "../group-types.ts";
import { ClassicDraft } from "./classic-draft.ts";
import type { ClassicGroup } from "./classic-group.ts";
import { classicOutcome } from "./classic-outcome.ts";
import type { ClassicTimerInput } from "./classic-requests.ts";
import {
  completeIfAllJoined,
  completeJoin,
  dropMember,
  initialDelayPassed,
  prepareRebalance,
  removeMember,
} from "./rebalance.ts";

/** Decides on what a timer that ran out means. */
export function timerRanOut(
  group: ClassicGroup | undefined,
  input: ClassicTimerInput,
  environment: { readonly config: GroupConfig; readonly context: StepContext },
): Outcome<GroupTypes> {
  if (group === undefined) return {};
  const { config, context } = environment;
  const draft = new ClassicDraft(group, { groupId: group.groupId, nowMs: context.nowMs });
  switch (input.kind) {
    case "session-expired":
      sessionExpired(draft, input.memberId, config);
      break;
    case "initial-rebalance-delay":
      initialDelayPassed(draft, config);
      break;
    case "join-expired":
      if (group.state === "preparing-rebalance") completeJoin(draft);
      break;
    case "sync-expired":
      syncExpired(draft, input.generationId, config);
      break;
  }
  return classicOutcome(draft, group);
}

function sessionExpired(draft: ClassicDraft, memberId: string, config: GroupConfig): void {
  if (draft.pendingMembers.delete(memberId)) {
    // It was never a member: the others go on as they are, or need not wait for it any more.
    if (draft.group.state === "preparing-rebalance") completeIfAllJoined(draft);
    return;
  }
  const member = draft.members.get(memberId);
  if (member === undefined) return;
  // Who waits for our answer is alive as far as it can show; only a new member's wait has an end.
  const waits = member.awaitingJoin !== undefined || member.awaitingSync !== undefined;
  if (waits && !member.isNew) return;
  removeMember(draft, member, config);
}

/** Members that never asked for their assignment are taken out, and the rest begins again. */
function syncExpired(draft: ClassicDraft, generationId: number, config: GroupConfig): void {
  const { group } = draft;
  const isWaiting = group.state === "completing-rebalance" || group.state === "stable";
  if (group.generationId !== generationId || !isWaiting || draft.pendingSyncs.size === 0) return;
  for (const memberId of draft.pendingSyncs) {
    const member = draft.members.get(memberId);
    if (member !== undefined) dropMember(draft, member);
  }
  prepareRebalance(draft, config);
}
