import type { Machine, Outcome, RecordOrigin, StepContext } from "../runtime/index.ts";
import {
  checkDelete,
  checkOffsetDelete,
  deletionRecords,
  describeGroup,
  listGroups,
} from "./admin.ts";
import { timerRanOut } from "./classic/expiry.ts";
import { heartbeat, sessionTimer } from "./classic/heartbeat.ts";
import { join } from "./classic/join.ts";
import { leave } from "./classic/leave.ts";
import { groupFromRecord } from "./classic/loaded-group.ts";
import { sync } from "./classic/sync.ts";
import type { GroupConfig } from "./group-config.ts";
import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from "./group-records.ts";
import { refuseGroupInput } from "./group-refusal.ts";
import { emptyGroupState, type GroupState } from "./group-state.ts";
import type { GroupInput, GroupReply, GroupTypes } from "./group-types.ts";
import { emptyClassicGroup } from "./classic/classic-group.ts";
import { commitOffsets } from "./offsets/commit.ts";
import { expiredOffsets } from "./offsets/expiry.ts";
import { fetchOffsets } from "./offsets/fetch.ts";
import type { OffsetDeleteInput } from "./offsets/offset-requests.ts";

/** Gives the rules of the group coordinator. The configuration is read anew at each decision. */
export function groupMachine(readConfig: () => GroupConfig): Machine<GroupTypes> {
  return {
    empty: emptyGroupState,
    step: (state, input, context) => step(state, input, { config: readConfig(), context }),
    apply,
    change(state, { groupId, group }) {
      if (group === undefined) state.groups.delete(groupId);
      else state.groups.set(groupId, group);
    },
    endTransaction: (state, { producerId, isCommit }) =>
      state.offsets.endTransaction(producerId, isCommit),
    loaded: (state, context) => loaded(state, { config: readConfig(), context }),
    refuse: refuseGroupInput,
    encode: encodeGroupRecord,
    decode: decodeGroupRecord,
  };
}

interface Environment {
  readonly config: GroupConfig;
  readonly context: StepContext;
}

function step(state: GroupState, input: GroupInput, environment: Environment): Outcome<GroupTypes> {
  const answer = (reply: GroupReply): Outcome<GroupTypes> => ({
    replies: [{ to: environment.context.replyTo, reply }],
  });
  switch (input.kind) {
    case "offset-fetch":
      return answer({
        kind: input.kind,
        error: "NONE",
        offsets: fetchOffsets(state.offsets, input),
      });
    case "describe-group":
      return answer(describeGroup(state.groups.get(input.groupId)));
    case "list-groups":
      return answer({ kind: input.kind, error: "NONE", groups: listGroups(state, input) });
    case "offset-delete":
      return deleteOffsets(state, input, environment);
    case "delete-group":
      return deleteGroup(state, input.groupId, environment);
    case "topics-deleted":
      return { ...answer({ kind: input.kind }), records: offsetsOf(state, input.topics) };
    case "clean-up":
      return cleanUp(state, environment);
    default:
      return stepClassic(state, input, environment);
  }
}

/** The inputs that the rules of classic groups decide on. */
type ClassicInput = Extract<
  GroupInput,
  {
    readonly kind:
      | "join-group"
      | "sync-group"
      | "heartbeat"
      | "leave-group"
      | "offset-commit"
      | "session-expired"
      | "initial-rebalance-delay"
      | "join-expired"
      | "sync-expired";
  }
>;

function stepClassic(
  state: GroupState,
  input: ClassicInput,
  environment: Environment,
): Outcome<GroupTypes> {
  const group = state.groups.get(input.groupId);
  switch (input.kind) {
    case "join-group":
      return join(group, input, environment);
    case "sync-group":
      return sync(group, input, environment.context);
    case "heartbeat":
      return heartbeat(group, input, environment.context);
    case "leave-group":
      return leave(group, input, environment);
    case "offset-commit":
      return commitOffsets(group, input, environment);
    default:
      return timerRanOut(group, input, environment);
  }
}

function apply(state: GroupState, record: GroupRecord, origin: RecordOrigin): void {
  if (record.kind === "group-metadata") {
    if (record.value === null) state.groups.delete(record.groupId);
    else state.groups.set(record.groupId, groupFromRecord(record.groupId, record.value));
    return;
  }
  const { groupId, topic, partition, value } = record;
  if (value === null) {
    state.offsets.remove(groupId, topic, partition);
    return;
  }
  // Offsets alone make a group too, so that it can be listed, described and deleted.
  if (!state.groups.has(groupId)) {
    state.groups.set(groupId, emptyClassicGroup(groupId, origin.timestampMs));
  }
  const entry = { topic, partition, committed: { ...value, recordOffset: origin.offset } };
  if (origin.producerId === -1n) state.offsets.set(groupId, entry);
  else state.offsets.setOpen(origin.producerId, groupId, entry);
}

/** A new coordinator expects a sign of life of every member that the log names. */
function loaded(state: GroupState, { config }: Environment): Outcome<GroupTypes> {
  const timers = [];
  for (const group of state.groups.values()) {
    for (const memberId of group.members.keys()) timers.push(sessionTimer(group, memberId));
  }
  return { timers: [...timers, cleanUpTimer(config)] };
}

function cleanUpTimer(config: GroupConfig) {
  const delayMs = config.offsetsRetentionCheckIntervalMs;
  return { kind: "set", key: "clean-up", delayMs, input: { kind: "clean-up" } } as const;
}

function cleanUp(state: GroupState, { config, context }: Environment): Outcome<GroupTypes> {
  const records: GroupRecord[] = [];
  for (const [groupId, group] of state.groups) {
    const options = { groupId, nowMs: context.nowMs, config };
    const expired = expiredOffsets(state.offsets, group, options);
    const kept = [...state.offsets.entries(groupId)].length - expired.length;
    const isOver =
      kept === 0 &&
      group.state === "empty" &&
      group.pendingMembers.size === 0 &&
      !state.offsets.hasOpen(groupId);
    records.push(...expired);
    if (isOver) records.push({ kind: "group-metadata", groupId, value: null });
  }
  return { records, timers: [cleanUpTimer(config)] };
}

function deleteGroup(
  state: GroupState,
  groupId: string,
  { context }: Environment,
): Outcome<GroupTypes> {
  const error = checkDelete(state, groupId);
  const replies = [{ to: context.replyTo, reply: { kind: "delete-group", error } as const }];
  return error === "NONE" ? { records: deletionRecords(state, groupId), replies } : { replies };
}

function deleteOffsets(
  state: GroupState,
  input: OffsetDeleteInput,
  { context }: Environment,
): Outcome<GroupTypes> {
  const { groupId } = input;
  const verdict = checkOffsetDelete(state.groups.get(groupId), input);
  const records = input.partitions
    .filter((_, index) => verdict.errors[index] === "NONE")
    .filter(({ topic, partition }) => state.offsets.get(groupId, topic, partition) !== undefined)
    .map(({ topic, partition }): GroupRecord => {
      return { kind: "offset-commit", groupId, topic, partition, value: null };
    });
  return {
    records,
    replies: [{ to: context.replyTo, reply: { kind: "offset-delete", ...verdict } }],
  };
}

function offsetsOf(state: GroupState, topics: ReadonlySet<string>): readonly GroupRecord[] {
  const records: GroupRecord[] = [];
  for (const groupId of state.offsets.groupIds()) {
    for (const { topic, partition } of state.offsets.entries(groupId)) {
      if (!topics.has(topic)) continue;
      records.push({ kind: "offset-commit", groupId, topic, partition, value: null });
    }
  }
  return records;
}
