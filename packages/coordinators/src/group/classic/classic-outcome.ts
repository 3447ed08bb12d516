import type { Outcome } from "../../runtime/index.ts";
import { groupMetadataRecord } from "../group-records.ts";
import type { GroupTypes } from "../group-types.ts";
import type { ClassicDraft } from "./classic-draft.ts";
import type { ClassicGroup } from "./classic-group.ts";

/** Turns a draft into what is to come of it. `from` is the group as it was, if there was one. */
export function classicOutcome(
  draft: ClassicDraft,
  from: ClassicGroup | undefined,
): Outcome<GroupTypes> {
  const { group } = draft;
  const isNothing =
    from === undefined && group.members.size === 0 && group.pendingMembers.size === 0;
  return {
    records: draft.needsRecord ? [groupMetadataRecord(group, draft.nowMs)] : [],
    changes: isNothing ? [] : [{ kind: "classic-group", groupId: group.groupId, group }],
    replies: draft.replies,
    timers: draft.timers,
  };
}
