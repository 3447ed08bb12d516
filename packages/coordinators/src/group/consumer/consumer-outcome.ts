import type { Outcome } from "../../runtime/index.ts";
import type { GroupTypes } from "../group-types.ts";
import type { ConsumerDraft } from "./consumer-draft.ts";

/** Turns a draft into what is to come of it. */
export function consumerOutcome(draft: ConsumerDraft): Outcome<GroupTypes> {
  const { records, changes, replies, timers } = draft;
  return { records, changes, replies, timers };
}
