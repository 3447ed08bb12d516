import type { Outcome } from "../runtime/index.ts";
import type { GroupInput, GroupTypes } from "./group-types.ts";

/** What may need more records than a batch holds, and can be left off after any of them. */
const splitInputs: ReadonlySet<GroupInput["kind"]> = new Set([
  "consumer-heartbeat",
  "consumer-member-expired",
  "share-heartbeat",
  "share-member-expired",
  "share-group-topics-deleted",
  "streams-heartbeat",
  "streams-member-expired",
  "streams-initial-rebalance-delay",
  "clean-up",
  "delete-group",
  "topics-deleted",
]);

/**
 * Lets the records of a decision be written in several batches where that is safe. A new target of
 * 10,000 members does not fit into one. Its records end with the epoch of the target: a target that
 * is there in part still has the epoch before, so the next heartbeat works it out anew, and
 * nobody is given a partition that somebody else holds, whatever the targets say.
 *
 * A group that changes its kind does so in one batch or not at all, and offsets are committed
 * together or not at all.
 */
export function splitOutcome(input: GroupInput, outcome: Outcome<GroupTypes>): Outcome<GroupTypes> {
  if (!splitInputs.has(input.kind) || outcome.producer !== undefined) return outcome;
  const { records = [] } = outcome;
  const isConversion =
    input.kind !== "clean-up" &&
    input.kind !== "delete-group" &&
    records.some(({ kind }) => kind === "group-metadata");
  return isConversion ? outcome : { ...outcome, mayBeSplit: true };
}
