import type { Outcome } from "../../runtime/index.ts";
import type { GroupState } from "../group-state.ts";
import type { GroupInput, GroupTypes } from "../group-types.ts";
import { applyStreamsRecord } from "./apply-streams-record.ts";
import { initialDelayOver, streamsMemberExpired } from "./fence.ts";
import { streamsHeartbeat } from "./heartbeat.ts";
import type { StreamsEnvironment } from "./streams-draft.ts";
import { StreamsGroup } from "./streams-group.ts";
import type { StreamsRecord } from "./streams-records.ts";

/** The inputs that are about streams groups alone. */
export type StreamsInput = Extract<
  GroupInput,
  {
    readonly kind:
      | "streams-heartbeat"
      | "streams-member-expired"
      | "streams-initial-rebalance-delay";
  }
>;

/** Decides on an input of the streams protocol. */
export function stepStreams(
  state: GroupState,
  input: StreamsInput,
  environment: StreamsEnvironment,
): Outcome<GroupTypes> {
  switch (input.kind) {
    case "streams-heartbeat":
      return streamsHeartbeat(state, input, environment);
    case "streams-member-expired":
      return streamsMemberExpired(state.groups.get(input.groupId), input, environment);
    case "streams-initial-rebalance-delay":
      return initialDelayOver(state.groups.get(input.groupId), environment);
  }
}

/** Brings about a record of a streams group in a shard's state. */
export function applyToStreamsGroup(state: GroupState, record: StreamsRecord): void {
  const { groupId } = record;
  const known = state.groups.get(groupId);
  const isRemoval = record.value === null;
  if (known?.kind !== "streams" && isRemoval) return;
  if (record.kind === "streams-group" && isRemoval) {
    state.groups.delete(groupId);
    return;
  }
  const group = known?.kind === "streams" ? known : new StreamsGroup(groupId);
  state.groups.set(groupId, group);
  applyStreamsRecord(group, record);
}
