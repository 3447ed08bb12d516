import {
  ShareGroupCurrentMemberAssignmentKey,
  ShareGroupCurrentMemberAssignmentValue,
  ShareGroupMemberMetadataKey,
  ShareGroupMemberMetadataValue,
  ShareGroupMetadataKey,
  ShareGroupMetadataValue,
  ShareGroupStatePartitionMetadataKey,
  ShareGroupStatePartitionMetadataValue,
  ShareGroupTargetAssignmentMemberKey,
  ShareGroupTargetAssignmentMemberValue,
  ShareGroupTargetAssignmentMetadataKey,
  ShareGroupTargetAssignmentMetadataValue,
} from "@millrace/protocol";
import { decodeKey, decodeValue, type EncodedRecord } from "../../runtime/index.ts";
import { encodeKeyed, type GroupKeyedRecord, type MemberRecord } from "../keyed-record.ts";

/** A record of a share group in `__consumer_offsets`; `value` null removes what the key names. */
export type ShareRecord =
  | GroupKeyedRecord<"share-group", typeof ShareGroupMetadataValue>
  | GroupKeyedRecord<"share-target-epoch", typeof ShareGroupTargetAssignmentMetadataValue>
  | GroupKeyedRecord<"share-state-partitions", typeof ShareGroupStatePartitionMetadataValue>
  | MemberRecord<"share-member", typeof ShareGroupMemberMetadataValue>
  | MemberRecord<"share-target", typeof ShareGroupTargetAssignmentMemberValue>
  | MemberRecord<"share-assignment", typeof ShareGroupCurrentMemberAssignmentValue>;

/** Whether a record is about a share group. */
export function isShareRecord(record: { readonly kind: string }): record is ShareRecord {
  return record.kind.startsWith("share-");
}

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeShareRecord(record: ShareRecord): EncodedRecord {
  const { groupId } = record;
  switch (record.kind) {
    case "share-group":
      return encodeKeyed(
        [ShareGroupMetadataKey, ShareGroupMetadataValue],
        { groupId },
        record.value,
      );
    case "share-target-epoch":
      return encodeKeyed(
        [ShareGroupTargetAssignmentMetadataKey, ShareGroupTargetAssignmentMetadataValue],
        { groupId },
        record.value,
      );
    case "share-state-partitions":
      return encodeKeyed(
        [ShareGroupStatePartitionMetadataKey, ShareGroupStatePartitionMetadataValue],
        { groupId },
        record.value,
      );
    case "share-member":
      return encodeKeyed(
        [ShareGroupMemberMetadataKey, ShareGroupMemberMetadataValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "share-target":
      return encodeKeyed(
        [ShareGroupTargetAssignmentMemberKey, ShareGroupTargetAssignmentMemberValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "share-assignment":
      return encodeKeyed(
        [ShareGroupCurrentMemberAssignmentKey, ShareGroupCurrentMemberAssignmentValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
  }
}

/** Reads a record whose key is of this type; undefined when it is not one of a share group. */
export function decodeShareRecord(
  type: number,
  { key, value }: EncodedRecord,
): ShareRecord | undefined {
  switch (type) {
    case ShareGroupMetadataKey.apiKey:
      return {
        kind: "share-group",
        ...decodeKey(ShareGroupMetadataKey, key),
        value: decodeValue(ShareGroupMetadataValue, value),
      };
    case ShareGroupTargetAssignmentMetadataKey.apiKey:
      return {
        kind: "share-target-epoch",
        ...decodeKey(ShareGroupTargetAssignmentMetadataKey, key),
        value: decodeValue(ShareGroupTargetAssignmentMetadataValue, value),
      };
    case ShareGroupStatePartitionMetadataKey.apiKey:
      return {
        kind: "share-state-partitions",
        ...decodeKey(ShareGroupStatePartitionMetadataKey, key),
        value: decodeValue(ShareGroupStatePartitionMetadataValue, value),
      };
    case ShareGroupMemberMetadataKey.apiKey:
      return {
        kind: "share-member",
        ...decodeKey(ShareGroupMemberMetadataKey, key),
        value: decodeValue(ShareGroupMemberMetadataValue, value),
      };
    case ShareGroupTargetAssignmentMemberKey.apiKey:
      return {
        kind: "share-target",
        ...decodeKey(ShareGroupTargetAssignmentMemberKey, key),
        value: decodeValue(ShareGroupTargetAssignmentMemberValue, value),
      };
    case ShareGroupCurrentMemberAssignmentKey.apiKey:
      return {
        kind: "share-assignment",
        ...decodeKey(ShareGroupCurrentMemberAssignmentKey, key),
        value: decodeValue(ShareGroupCurrentMemberAssignmentValue, value),
      };
    default:
      return undefined;
  }
}
