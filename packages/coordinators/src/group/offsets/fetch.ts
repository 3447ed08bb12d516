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
