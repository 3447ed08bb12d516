import type { Machine, Outcome, RecordOrigin } from "../runtime/index.ts";
import {
  checkDelete,
  checkOffsetDelete,
  deletionRecords,
  describeGroup,
  isEmpty,
  listGroups,
  removalRecords,
} from "./admin.ts";
import { emptyClassicGroup } from "./classic/classic-group.ts";
import { groupFromRecord } from "./classic/loaded-group.ts";
import { type ClassicInput, stepClassic } from "./classic-step.ts";
import { applyConsumerRecord } from "./consumer/apply-consumer-record.ts";
import { ConsumerGroup } from "./consumer/consumer-group.ts";
import type { ConsumerEnvironment } from "./consumer/consumer-draft.ts";
import type { ConsumerRecord } from "./consumer/consumer-records.ts";
import { describeConsumerGroup } from "./consumer/describe.ts";
import { memberExpired } from "./consumer/fence.ts";
import { consumerHeartbeat } from "./consumer/heartbeat.ts";
import { MetadataHashes } from "./consumer/metadata-hash.ts";
import type { TopicMetadata } from "./consumer/topic-metadata.ts";
import type { GroupConfig } from "./group-config.ts";
import { decodeGroupRecord, encodeGroupRecord, type GroupRecord } from "./group-records.ts";
import { refuseGroupInput } from "./group-refusal.ts";
import { emptyGroupState, type GroupState } from "./group-state.ts";
import type { GroupChange, GroupInput, GroupReply, GroupTypes } from "./group-types.ts";
import { sessionTimers } from "./loaded-timers.ts";
import { expiredOffsets } from "./offsets/expiry.ts";
import { checkFetch, fetchOffsets } from "./offsets/fetch.ts";
import type { OffsetDeleteInput, OffsetFetchInput } from "./offsets/offset-requests.ts";
import { splitOutcome } from "./split-outcome.ts";
import { applyShareRecord } from "./share/apply-share-record.ts";
import { isShareRecord } from "./share/share-records.ts";
import type { ShareGroupInput } from "./share/share-requests.ts";
import { isShareInput, stepShare } from "./share/share-step.ts";
import { describeStreamsGroup } from "./streams/describe.ts";
import { applyToStreamsGroup, stepStreams } from "./streams/streams-step.ts";
import { isStreamsRecord } from "./streams/streams-records.ts";

/** What the rules of groups look at besides their own state; read anew at each decision. */
export interface GroupMachineOptions {
  readonly config: () => GroupConfig;
  readonly topics: () => TopicMetadata;
}

/** Gives the rules of the group coordinator. */
export function groupMachine(options: GroupMachineOptions): Machine<GroupTypes> {
  const hashes = new MetadataHashes();
  const environment = (context: ConsumerEnvironment["context"]): ConsumerEnvironment => ({
    config: options.config(),
    topics: options.topics(),
    context,
    hashes,
  });
  return {
    empty: emptyGroupState,
    step: (state, input, context) =>
      splitOutcome(
        input,
        isShareInput(input)
          ? stepShare(state, input, environment(context))
          : step(state, input, environment(context)),
      ),
    apply,
    change,
    endTransaction: (state, { producerId, isCommit }) =>
      state.offsets.endTransaction(producerId, isCommit),
    loaded: (state, context) => loaded(state, environment(context)),
    refuse: refuseGroupInput,
    encode: encodeGroupRecord,
    decode: decodeGroupRecord,
  };
}

function step(
  state: GroupState,
  input: Exclude<GroupInput, ShareGroupInput>,
  environment: ConsumerEnvironment,
): Outcome<GroupTypes> {
  switch (input.kind) {
    case "consumer-heartbeat":
      return consumerHeartbeat(state, input, environment);
    case "consumer-member-expired":
      return memberExpired(state.groups.get(input.groupId), input, environment);
    case "streams-heartbeat":
    case "streams-member-expired":
    case "streams-initial-rebalance-delay":
      return stepStreams(state, input, environment);
    case "offset-delete":
      return deleteOffsets(state, input, environment);
    case "delete-group":
      return deleteGroup(state, input.groupId, environment);
    case "topics-deleted":
      return {
        replies: [{ to: environment.context.replyTo, reply: { kind: input.kind } }],
        records: offsetsOf(state, input.topics),
      };
    case "clean-up":
      return cleanUp(state, environment);
    case "offset-fetch":
    case "describe-group":
    case "consumer-describe":
    case "streams-describe":
    case "list-groups": {
      const reply = read(state, input, environment);
      return { replies: [{ to: environment.context.replyTo, reply }] };
    }
    default:
      return stepClassic(state, input satisfies ClassicInput, environment);
  }
}

/** The answers that need no decision. */
function read(
  state: GroupState,
  input: Extract<
    GroupInput,
    {
      kind:
        | "offset-fetch"
        | "describe-group"
        | "consumer-describe"
        | "streams-describe"
        | "list-groups";
    }
  >,
  environment: ConsumerEnvironment,
): GroupReply {
  switch (input.kind) {
    case "offset-fetch":
      return fetch(state, input);
    case "describe-group":
      return describeGroup(state.groups.get(input.groupId));
    case "consumer-describe": {
      const { groupId } = input;
      return describeConsumerGroup(groupId, state.groups.get(groupId), environment);
    }
    case "streams-describe":
      return describeStreamsGroup(input.groupId, state.groups.get(input.groupId));
    case "list-groups":
      return { kind: input.kind, error: "NONE", groups: listGroups(state, input) };
  }
}

function fetch(state: GroupState, input: OffsetFetchInput): GroupReply {
  const error = checkFetch(state.groups.get(input.groupId), input);
  const offsets = error === "NONE" ? fetchOffsets(state.offsets, input) : [];
  return { kind: "offset-fetch", error, offsets };
}

function apply(state: GroupState, record: GroupRecord, origin: RecordOrigin): void {
  if (record.kind === "group-metadata") {
    applyClassic(state, record);
    return;
  }
  if (isShareRecord(record)) {
    applyShareRecord(state.groups, record, origin.timestampMs);
    return;
  }
  if (isStreamsRecord(record)) {
    applyToStreamsGroup(state, record);
    return;
  }
  if (record.kind !== "offset-commit") {
    applyConsumer(state, record);
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

function applyClassic(
  state: GroupState,
  { groupId, value }: Extract<GroupRecord, { kind: "group-metadata" }>,
): void {
  if (value !== null) state.groups.set(groupId, groupFromRecord(groupId, value));
  // A group that has become a consumer group since is not removed by its former self's tombstone.
  else if (state.groups.get(groupId)?.kind === "classic") state.groups.delete(groupId);
}

function applyConsumer(state: GroupState, record: ConsumerRecord): void {
  const { groupId } = record;
  const known = state.groups.get(groupId);
  const isRemoval = record.value === null || record.value === false;
  if (known?.kind !== "consumer" && isRemoval) return;
  const group = known?.kind === "consumer" ? known : new ConsumerGroup(groupId);
  if (record.kind === "consumer-group" && isRemoval) {
    state.groups.delete(groupId);
    return;
  }
  state.groups.set(groupId, group);
  applyConsumerRecord(group, record);
}

function change(state: GroupState, news: GroupChange): void {
  if (news.kind === "classic-group") {
    if (news.group === undefined) state.groups.delete(news.groupId);
    else state.groups.set(news.groupId, news.group);
    return;
  }
  const group = state.groups.get(news.groupId);
  if (news.kind === "streams-soft-state") {
    if (group?.kind === "streams") group.setSoft(news.soft);
    return;
  }
  if (group?.kind === "consumer" || group?.kind === "share") {
    group.checkedTopicsVersion = news.topicsVersion;
  }
}

/** A new coordinator expects a sign of life of every member that the log names. */
function loaded(state: GroupState, { config }: ConsumerEnvironment): Outcome<GroupTypes> {
  const timers = [...state.groups.values()].flatMap((group) => sessionTimers(group, config));
  return { timers: [...timers, cleanUpTimer(config)] };
}

function cleanUpTimer(config: GroupConfig) {
  const delayMs = config.offsetsRetentionCheckIntervalMs;
  return { kind: "set", key: "clean-up", delayMs, input: { kind: "clean-up" } } as const;
}

function cleanUp(state: GroupState, { config, context }: ConsumerEnvironment): Outcome<GroupTypes> {
  const records: GroupRecord[] = [];
  for (const [groupId, group] of state.groups) {
    // A share group stays until it is deleted: the states of its partitions would be left behind.
    if (group.kind === "share") continue;
    const options = { groupId, nowMs: context.nowMs, config };
    const expired = expiredOffsets(state.offsets, group, options);
    const kept = [...state.offsets.entries(groupId)].length - expired.length;
    records.push(...expired);
    const isOver = kept === 0 && isEmpty(group) && !state.offsets.hasOpen(groupId);
    if (isOver) records.push(...removalRecords(group));
  }
  return { records, timers: [cleanUpTimer(config)] };
}

function deleteGroup(
  state: GroupState,
  groupId: string,
  { context }: ConsumerEnvironment,
): Outcome<GroupTypes> {
  const error = checkDelete(state, groupId);
  const replies = [{ to: context.replyTo, reply: { kind: "delete-group", error } as const }];
  return error === "NONE" ? { records: deletionRecords(state, groupId), replies } : { replies };
}

function deleteOffsets(
  state: GroupState,
  input: OffsetDeleteInput,
  { context }: ConsumerEnvironment,
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
