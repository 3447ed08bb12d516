import type { ClassicGroup } from "./classic/classic-group.ts";
import type { ConsumerGroup } from "./consumer/consumer-group.ts";
import { OffsetStore } from "./offsets/offset-store.ts";
import type { ShareGroup } from "./share/share-group.ts";
import type { StreamsGroup } from "./streams/streams-group.ts";

/** What one shard of the group coordinator knows. */
export interface GroupState {
  readonly groups: Map<string, Group>;
  readonly offsets: OffsetStore;
}

/** A group of any protocol. */
export type Group = ClassicGroup | ConsumerGroup | ShareGroup | StreamsGroup;

/** A shard that knows nothing yet. */
export function emptyGroupState(): GroupState {
  return { groups: new Map(), offsets: new OffsetStore() };
}
