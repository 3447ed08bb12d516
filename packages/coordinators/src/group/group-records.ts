import {
  GroupMetadataKey,
  GroupMetadataValue,
  type MessageOf,
  OffsetCommitKey,
  OffsetCommitValue,
} from "@millrace/protocol";
import {
  decodeKey,
  decodeValue,
  type EncodedRecord,
  encodeKey,
  encodeValue,
  recordType,
} from "../runtime/index.ts";
import { type ClassicGroup, protocolMetadata } from "./classic/classic-group.ts";
import {
  type ConsumerRecord,
  decodeConsumerRecord,
  encodeConsumerRecord,
} from "./consumer/consumer-records.ts";
import type { CommittedOffset } from "./offsets/committed-offset.ts";
import {
  decodeShareRecord,
  encodeShareRecord,
  isShareRecord,
  type ShareRecord,
} from "./share/share-records.ts";
import {
  decodeStreamsRecord,
  encodeStreamsRecord,
  isStreamsRecord,
  type StreamsRecord,
} from "./streams/streams-records.ts";

/** The versions that Apache Kafka 4.3 writes. */
const GROUP_METADATA_VERSION = 3;
const OFFSET_COMMIT_VERSION = 4;
/** The only version that carries an expiry of its own (OffsetCommit 2-4 with a retention time). */
const EXPIRING_OFFSET_COMMIT_VERSION = 1;

/** A record of `__consumer_offsets`; `value` null removes what `key` names. */
export type GroupRecord =
  | GroupMetadataRecord
  | OffsetCommitRecord
  | ConsumerRecord
  | ShareRecord
  | StreamsRecord;

/** A classic group's generation and members. */
export interface GroupMetadataRecord {
  readonly kind: "group-metadata";
  readonly groupId: string;
  readonly value: MessageOf<typeof GroupMetadataValue> | null;
}

/** An offset a group has committed. */
export interface OffsetCommitRecord {
  readonly kind: "offset-commit";
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly value: CommittedOffset | null;
}

/** The record of a classic group as it is now. */
export function groupMetadataRecord(group: ClassicGroup, nowMs: number): GroupMetadataRecord {
  const members = [...group.members.values()].map((member) => ({
    memberId: member.memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription: Buffer.from(protocolMetadata(member, group.protocolName)),
    assignment: Buffer.from(member.assignment),
  }));
  const value = {
    protocolType: group.protocolType ?? "",
    generation: group.generationId,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: nowMs,
    members,
  };
  return { kind: "group-metadata", groupId: group.groupId, value };
}

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeGroupRecord(record: GroupRecord): EncodedRecord {
  if (record.kind === "group-metadata") {
    const key = encodeKey(GroupMetadataKey, { group: record.groupId });
    if (record.value === null) return { key, value: null };
    return { key, value: encodeValue(GroupMetadataValue, GROUP_METADATA_VERSION, record.value) };
  }
  if (isShareRecord(record)) return encodeShareRecord(record);
  if (isStreamsRecord(record)) return encodeStreamsRecord(record);
  if (record.kind !== "offset-commit") return encodeConsumerRecord(record);
  const { groupId: group, topic, partition, value } = record;
  const key = encodeKey(OffsetCommitKey, { group, topic, partition });
  if (value === null) return { key, value: null };
  const version =
    value.expireTimestampMs === undefined ? OFFSET_COMMIT_VERSION : EXPIRING_OFFSET_COMMIT_VERSION;
  const fields = {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestamp: value.commitTimestampMs,
    expireTimestamp: value.expireTimestampMs ?? -1,
    topicId: value.topicId,
  };
  return { key, value: encodeValue(OffsetCommitValue, version, fields) };
}

/** Reads a record; undefined for one of a kind that is not known here. */
export function decodeGroupRecord(encoded: EncodedRecord): GroupRecord | undefined {
  const { key, value } = encoded;
  const type = recordType(key);
  switch (type) {
    // Type 0 is the oldest form of an offset's key; both have the same fields.
    case 0:
    case OffsetCommitKey.apiKey: {
      const { group, topic, partition } = decodeKey(OffsetCommitKey, key);
      const stored = decodeValue(OffsetCommitValue, value);
      return {
        kind: "offset-commit",
        groupId: group,
        topic,
        partition,
        value: stored === null ? null : committedOffset(stored),
      };
    }
    case GroupMetadataKey.apiKey: {
      const { group } = decodeKey(GroupMetadataKey, key);
      return {
        kind: "group-metadata",
        groupId: group,
        value: decodeValue(GroupMetadataValue, value),
      };
    }
    default:
      return (
        decodeConsumerRecord(type, encoded) ??
        decodeShareRecord(type, encoded) ??
        decodeStreamsRecord(type, encoded)
      );
  }
}

function committedOffset(stored: MessageOf<typeof OffsetCommitValue>): CommittedOffset {
  return {
    offset: stored.offset,
    leaderEpoch: stored.leaderEpoch,
    metadata: stored.metadata,
    commitTimestampMs: stored.commitTimestamp,
    expireTimestampMs: stored.expireTimestamp === -1 ? undefined : stored.expireTimestamp,
    topicId: stored.topicId,
  };
}
