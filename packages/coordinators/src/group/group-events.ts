import type { Outcome } from "../runtime/index.ts";
import type { GroupInput, GroupTypes } from "./group-types.ts";

/** What a decision was about, as an operator counts it. */
export interface GroupEvents {
  readonly offsetCommits: number;
  readonly offsetExpirations: number;
  readonly offsetDeletions: number;
  /** Generations of classic groups that became stable. */
  readonly classicRebalances: number;
  /** New epochs of consumer groups. */
  readonly consumerRebalances: number;
  /** New epochs of share groups. */
  readonly shareRebalances: number;
  /** New epochs of streams groups. */
  readonly streamsRebalances: number;
}

/** Counts what came of an input, if its records are appended. */
export function groupEvents(input: GroupInput, outcome: Outcome<GroupTypes>): GroupEvents {
  const counts = {
    offsetCommits: 0,
    offsetExpirations: 0,
    offsetDeletions: 0,
    classicRebalances: 0,
    consumerRebalances: 0,
    shareRebalances: 0,
    streamsRebalances: 0,
  };
  for (const record of outcome.records ?? []) {
    const isRemoval = record.value === null;
    if (record.kind === "offset-commit") {
      if (!isRemoval) counts.offsetCommits++;
      else if (input.kind === "clean-up") counts.offsetExpirations++;
      else counts.offsetDeletions++;
    } else if (record.kind === "group-metadata" && input.kind === "sync-group") {
      counts.classicRebalances++;
    } else if (record.kind === "consumer-group" && !isRemoval) {
      counts.consumerRebalances++;
    } else if (record.kind === "share-group" && !isRemoval) {
      counts.shareRebalances++;
    } else if (record.kind === "streams-group" && !isRemoval) {
      counts.streamsRebalances++;
    }
  }
  return counts;
}
