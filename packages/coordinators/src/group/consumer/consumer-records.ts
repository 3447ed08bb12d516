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
  type MessageOf,
} from "@millrace/protocol";
import {
  decodeKey,
  decodeValue,
  type EncodedRecord,
  encodeKey,
  encodeValue,
} from "../../runtime/index.ts";

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

interface GroupKeyedRecord<Kind, Schema extends Parameters<typeof encodeValue>[0]> {
  readonly kind: Kind;
  readonly groupId: string;
  readonly value: MessageOf<Schema> | null;
}

interface MemberRecord<Kind, Schema extends Parameters<typeof encodeValue>[0]>
  extends GroupKeyedRecord<Kind, Schema> {
  readonly memberId: string;
}

/** All values have one version. */
const VERSION = 0;

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeConsumerRecord(record: ConsumerRecord): EncodedRecord {
  const { groupId } = record;
  switch (record.kind) {
    case "consumer-group":
      return pair(
        encodeKey(ConsumerGroupMetadataKey, { groupId }),
        record.value && encodeValue(ConsumerGroupMetadataValue, VERSION, record.value),
      );
    case "consumer-partition-metadata":
      return pair(encodeKey(ConsumerGroupPartitionMetadataKey, { groupId }), null);
    case "consumer-target-epoch":
      return pair(
        encodeKey(ConsumerGroupTargetAssignmentMetadataKey, { groupId }),
        record.value &&
          encodeValue(ConsumerGroupTargetAssignmentMetadataValue, VERSION, record.value),
      );
    case "consumer-member":
      return pair(
        encodeKey(ConsumerGroupMemberMetadataKey, { groupId, memberId: record.memberId }),
        record.value && encodeValue(ConsumerGroupMemberMetadataValue, VERSION, record.value),
      );
    case "consumer-target":
      return pair(
        encodeKey(ConsumerGroupTargetAssignmentMemberKey, { groupId, memberId: record.memberId }),
        record.value &&
          encodeValue(ConsumerGroupTargetAssignmentMemberValue, VERSION, record.value),
      );
    case "consumer-assignment":
      return pair(
        encodeKey(ConsumerGroupCurrentMemberAssignmentKey, { groupId, memberId: record.memberId }),
        record.value &&
          encodeValue(ConsumerGroupCurrentMemberAssignmentValue, VERSION, record.value),
      );
    case "consumer-regex":
      return pair(
        encodeKey(ConsumerGroupRegularExpressionKey, {
          groupId,
          regularExpression: record.regex,
        }),
        record.value && encodeValue(ConsumerGroupRegularExpressionValue, VERSION, record.value),
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

function pair(key: Buffer, value: Buffer | null): EncodedRecord {
  return { key, value };
}
