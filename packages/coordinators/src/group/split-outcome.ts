import type { Outcome } from "../runtime/index.ts";
import type { GroupRecord } from "./group-records.ts";
import type { GroupInput, GroupTypes } from "./group-types.ts";

/** What may end with the new target of a group. */
const targetInputs: ReadonlySet<GroupInput["kind"]> = new Set([
  "consumer-heartbeat",
  "share-heartbeat",
  "streams-heartbeat",
  "streams-initial-rebalance-delay",
]);

/** What is about many groups or offsets, of which each may be left off by itself. */
const collectingInputs: ReadonlySet<GroupInput["kind"]> = new Set([
  "clean-up",
  "delete-group",
  "topics-deleted",
  "share-group-topics-deleted",
]);

/** What makes a group's target. */
const targetKinds: ReadonlySet<GroupRecord["kind"]> = new Set([
  "consumer-target",
  "share-target",
  "streams-target",
]);

/**
 * Lets the records of a decision be written in several batches where that is safe. A new target of
 * 10,000 members does not fit into one. Its records end with the epoch of the target: a target that
 * is there in part still has the epoch before, so the next heartbeat works it out anew, and
 * nobody is given a partition that somebody else holds, whatever the targets say. What comes before
 * them stays together: a member that went without a new epoch of its group would leave its part to
 * nobody.
 *
 * A group that changes its kind does so in one batch or not at all, and offsets are committed
 * together or not at all.
 */
export function splitOutcome(input: GroupInput, outcome: Outcome<GroupTypes>): Outcome<GroupTypes> {
  if (outcome.producer !== undefined) return outcome;
  if (collectingInputs.has(input.kind)) return { ...outcome, splitFrom: 0 };
  if (!targetInputs.has(input.kind)) return outcome;
  const { records = [] } = outcome;
  if (records.some(({ kind }) => kind === "group-metadata")) return outcome;
  const first = records.findIndex(({ kind, value }) => targetKinds.has(kind) && value !== null);
  return first === -1 ? outcome : { ...outcome, splitFrom: first };
}
