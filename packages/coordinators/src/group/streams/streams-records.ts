import {
  StreamsGroupCurrentMemberAssignmentKey,
  StreamsGroupCurrentMemberAssignmentValue,
  StreamsGroupMemberMetadataKey,
  StreamsGroupMemberMetadataValue,
  StreamsGroupMetadataKey,
  StreamsGroupMetadataValue,
  StreamsGroupTargetAssignmentMemberKey,
  StreamsGroupTargetAssignmentMemberValue,
  StreamsGroupTargetAssignmentMetadataKey,
  StreamsGroupTargetAssignmentMetadataValue,
  StreamsGroupTopologyKey,
  StreamsGroupTopologyValue,
} from "@millrace/protocol";
import { decodeKey, decodeValue, type EncodedRecord } from "../../runtime/index.ts";
import { encodeKeyed, type GroupKeyedRecord, type MemberRecord } from "../keyed-record.ts";

/**
 * A record of a streams group in `__consumer_offsets`; `value` null removes what the key names.
 */
export type StreamsRecord =
  | GroupKeyedRecord<"streams-group", typeof StreamsGroupMetadataValue>
  | GroupKeyedRecord<"streams-topology", typeof StreamsGroupTopologyValue>
  | GroupKeyedRecord<"streams-target-epoch", typeof StreamsGroupTargetAssignmentMetadataValue>
  | MemberRecord<"streams-member", typeof StreamsGroupMemberMetadataValue>
  | MemberRecord<"streams-target", typeof StreamsGroupTargetAssignmentMemberValue>
  | MemberRecord<"streams-assignment", typeof StreamsGroupCurrentMemberAssignmentValue>;

/** Whether a record is one of a streams group. */
export function isStreamsRecord(record: { readonly kind: string }): record is StreamsRecord {
  return record.kind.startsWith("streams-");
}

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeStreamsRecord(record: StreamsRecord): EncodedRecord {
  const { groupId } = record;
  switch (record.kind) {
    case "streams-group":
      return encodeKeyed(
        [StreamsGroupMetadataKey, StreamsGroupMetadataValue],
        { groupId },
        record.value,
      );
    case "streams-topology":
      return encodeKeyed(
        [StreamsGroupTopologyKey, StreamsGroupTopologyValue],
        { groupId },
        record.value,
      );
    case "streams-target-epoch":
      return encodeKeyed(
        [StreamsGroupTargetAssignmentMetadataKey, StreamsGroupTargetAssignmentMetadataValue],
        { groupId },
        record.value,
      );
    case "streams-member":
      return encodeKeyed(
        [StreamsGroupMemberMetadataKey, StreamsGroupMemberMetadataValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "streams-target":
      return encodeKeyed(
        [StreamsGroupTargetAssignmentMemberKey, StreamsGroupTargetAssignmentMemberValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
    case "streams-assignment":
      return encodeKeyed(
        [StreamsGroupCurrentMemberAssignmentKey, StreamsGroupCurrentMemberAssignmentValue],
        { groupId, memberId: record.memberId },
        record.value,
      );
  }
}

/** Reads a record whose key is of this type; undefined when it is not one of a streams group. */
export function decodeStreamsRecord(
  type: number,
  { key, value }: EncodedRecord,
): StreamsRecord | undefined {
  switch (type) {
    case StreamsGroupMetadataKey.apiKey:
      return {
        kind: "streams-group",
        ...decodeKey(StreamsGroupMetadataKey, key),
        value: decodeValue(StreamsGroupMetadataValue, value),
      };
    case StreamsGroupTopologyKey.apiKey:
      return {
        kind: "streams-topology",
        ...decodeKey(StreamsGroupTopologyKey, key),
        value: decodeValue(StreamsGroupTopologyValue, value),
      };
    case StreamsGroupTargetAssignmentMetadataKey.apiKey:
      return {
        kind: "streams-target-epoch",
        ...decodeKey(StreamsGroupTargetAssignmentMetadataKey, key),
        value: decodeValue(StreamsGroupTargetAssignmentMetadataValue, value),
      };
    case StreamsGroupMemberMetadataKey.apiKey:
      return {
        kind: "streams-member",
        ...decodeKey(StreamsGroupMemberMetadataKey, key),
        value: decodeValue(StreamsGroupMemberMetadataValue, value),
      };
    case StreamsGroupTargetAssignmentMemberKey.apiKey:
      return {
        kind: "streams-target",
        ...decodeKey(StreamsGroupTargetAssignmentMemberKey, key),
        value: decodeValue(StreamsGroupTargetAssignmentMemberValue, value),
      };
    case StreamsGroupCurrentMemberAssignmentKey.apiKey:
      return {
        kind: "streams-assignment",
        ...decodeKey(StreamsGroupCurrentMemberAssignmentKey, key),
        value: decodeValue(StreamsGroupCurrentMemberAssignmentValue, value),
      };
    default:
      return undefined;
  }
}
