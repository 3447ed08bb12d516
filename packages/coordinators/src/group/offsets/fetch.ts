import type { ErrorName } from "@millrace/protocol";
import type { Group } from "../group-state.ts";
import type { FetchedOffset, OffsetFetchInput } from "./offset-requests.ts";
import type { OffsetStore } from "./offset-store.ts";

/** Gives what a group has committed. */
export function fetchOffsets(
  store: OffsetStore,
  input: OffsetFetchInput,
): readonly FetchedOffset[] {
  const partitions = input.partitions ?? [...store.entries(input.groupId)];
  return partitions.map(({ topic, partition }) => fetchOffset(store, input, { topic, partition }));
}

/**
 * Whether the caller may fetch: one that says that it is a member has to be, in its epoch. A share
 * group has no committed offsets, and says so to whoever asks, as in Kafka 4.3.
 */
export function checkFetch(group: Group | undefined, input: OffsetFetchInput): ErrorName {
  const { memberId, memberEpoch } = input;
  const knowsEpochs = group?.kind === "consumer" || group?.kind === "streams";
  if (!knowsEpochs || (memberId === null && memberEpoch < 0)) return "NONE";
  const member = memberId === null ? undefined : group.members.get(memberId);
  if (member === undefined) return "UNKNOWN_MEMBER_ID";
  if (memberEpoch === member.memberEpoch) return "NONE";
  const isClassic = "classic" in member && member.classic !== null;
  return isClassic ? "ILLEGAL_GENERATION" : "STALE_MEMBER_EPOCH";
}

function fetchOffset(
  store: OffsetStore,
  input: OffsetFetchInput,
  place: { readonly topic: string; readonly partition: number },
): FetchedOffset {
  const { groupId } = input;
  const none = { ...place, error: "NONE", offset: -1, leaderEpoch: -1, metadata: "" } as const;
  if (input.requireStable && store.isOpen(groupId, place.topic, place.partition)) {
    return { ...none, error: "UNSTABLE_OFFSET_COMMIT" };
  }
  const committed = store.get(groupId, place.topic, place.partition);
  if (committed === undefined) return none;
  const { offset, leaderEpoch, metadata } = committed;
  return { ...none, offset, leaderEpoch, metadata };
}
