import {
  ConsumerGroupCurrentMemberAssignmentKey,
  ConsumerGroupCurrentMemberAssignmentValue,
  ConsumerGroupMemberMetadataKey,
  ConsumerGroupMemberMetadataValue,
  ConsumerGroupMetadataKey,
  ConsumerGroupMetadataValue,
  ConsumerGroupPartitionMetadataKey,
  ConsumerGroupRegularExpressionKey,
  ConsumerGroupRegularExpressionValue,
  ConsumerGroupTargetAssignmentMemberKey,
  ConsumerGroupTargetAssignmentMemberValue,
  ConsumerGroupTargetAssignmentMetadataKey,
  ConsumerGroupTargetAssignmentMetadataValue,
} from "@millrace/protocol";
import { decodeKey, decodeValue, type EncodedRecord, encodeKey } from "../../runtime/index.ts";
import { encodeKeyed, type GroupKeyedRecord, type MemberRecord } from "../keyed-record.ts";

/**
 * A record of a consumer group in `__consumer_offsets`; `value` null removes what the key names.
 */
export type ConsumerRecord =
  | GroupKeyedRecord<"consumer-group", typeof ConsumerGroupMetadataValue>
  /** Written by versions before 4.1: only its removal is written here. */
  | {
      readonly kind: "consumer-partition-metadata";
      readonly groupId: string;
      readonly value: boolean;
    }
  | GroupKeyedRecord<"consumer-target-epoch", typeof ConsumerGroupTargetAssignmentMetadataValue>
  | MemberRecord<"consumer-member", typeof ConsumerGroupMemberMetadataValue>
  | MemberRecord<"consumer-target", typeof ConsumerGroupTargetAssignmentMemberValue>
  | MemberRecord<"consumer-assignment", typeof ConsumerGroupCurrentMemberAssignmentValue>
  | (GroupKeyedRecord<"consumer-regex", typeof ConsumerGroupRegularExpressionValue> & {
      readonly regex: string;
    });

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeConsumerRecord(record: ConsumerRecord): EncodedRecord {
  const { groupId } = record;
  switch (record.kind) {
    case "consumer-group":
      return encodeKeyed(
        [ConsumerGroupMetadataKey, ConsumerGroupMetadataValue],
        { groupId },
        record.value,
      );
    case "consumer-partition-metadata":
      return { key: encodeKey(ConsumerGroupPartitionMetadataKey, { groupId }), value: null };
    case "consumer-target-epoch":
      return encodeKeyed(
        [ConsumerGroupTargetAssignmentMetadataKey, ConsumerGroupTargetAssignmentMetadataValue],
        { groupId },
        record.value,
      );
    case "consumer-member":
      return encodeKeyed(
        [ConsumerGroupMemberMetadataKey, ConsumerGroupMemberMetadataValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "consumer-target":
      return encodeKeyed(
        [ConsumerGroupTargetAssignmentMemberKey, ConsumerGroupTargetAssignmentMemberValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "consumer-assignment":
      return encodeKeyed(
        [ConsumerGroupCurrentMemberAssignmentKey, ConsumerGroupCurrentMemberAssignmentValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "consumer-regex":
      return encodeKeyed(
        [ConsumerGroupRegularExpressionKey, ConsumerGroupRegularExpressionValue],
        {
          groupId,
          regularExpression: record.regex,
        },
        record.value,
      );
  }
}

/** Reads a record whose key is of this type; undefined when it is not one of a consumer group. */
export function decodeConsumerRecord(
  type: number,
  { key, value }: EncodedRecord,
): ConsumerRecord | undefined {
  switch (type) {
    case ConsumerGroupMetadataKey.apiKey:
      return {
        kind: "consumer-group",
        ...decodeKey(ConsumerGroupMetadataKey, key),
        value: decodeValue(ConsumerGroupMetadataValue, value),
      };
    case ConsumerGroupPartitionMetadataKey.apiKey: {
      const { groupId } = decodeKey(ConsumerGroupPartitionMetadataKey, key);
      return { kind: "consumer-partition-metadata", groupId, value: value !== null };
    }
    case ConsumerGroupTargetAssignmentMetadataKey.apiKey:
      return {
        kind: "consumer-target-epoch",
        ...decodeKey(ConsumerGroupTargetAssignmentMetadataKey, key),
        value: decodeValue(ConsumerGroupTargetAssignmentMetadataValue, value),
      };
    case ConsumerGroupMemberMetadataKey.apiKey:
      return {
        kind: "consumer-member",
        ...decodeKey(ConsumerGroupMemberMetadataKey, key),
        value: decodeValue(ConsumerGroupMemberMetadataValue, value),
      };
    case ConsumerGroupTargetAssignmentMemberKey.apiKey:
      return {
        kind: "consumer-target",
        ...decodeKey(ConsumerGroupTargetAssignmentMemberKey, key),
        value: decodeValue(ConsumerGroupTargetAssignmentMemberValue, value),
      };
    case ConsumerGroupCurrentMemberAssignmentKey.apiKey:
      return {
        kind: "consumer-assignment",
        ...decodeKey(ConsumerGroupCurrentMemberAssignmentKey, key),
        value: decodeValue(ConsumerGroupCurrentMemberAssignmentValue, value),
      };
    case ConsumerGroupRegularExpressionKey.apiKey: {
      const { groupId, regularExpression } = decodeKey(ConsumerGroupRegularExpressionKey, key);
      return {
        kind: "consumer-regex",
        groupId,
        regex: regularExpression,
        value: decodeValue(ConsumerGroupRegularExpressionValue, value),
      };
    }
    default:
      return undefined;
  }
}
