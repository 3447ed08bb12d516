import {
  type MessageOf,
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
import {
  decodeKey,
  decodeValue,
  type EncodedRecord,
  encodeKey,
  encodeValue,
} from "../../runtime/index.ts";

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

/** Whether a record is one of a streams group. */
export function isStreamsRecord(record: { readonly kind: string }): record is StreamsRecord {
  return record.kind.startsWith("streams-");
}

/** The bytes of a record, as Apache Kafka 4.3 writes them. */
export function encodeStreamsRecord(record: StreamsRecord): EncodedRecord {
  const { groupId } = record;
  switch (record.kind) {
    case "streams-group":
      return pair(
        encodeKey(StreamsGroupMetadataKey, { groupId }),
        record.value && encodeValue(StreamsGroupMetadataValue, VERSION, record.value),
      );
    case "streams-topology":
      return pair(
        encodeKey(StreamsGroupTopologyKey, { groupId }),
        record.value && encodeValue(StreamsGroupTopologyValue, VERSION, record.value),
      );
    case "streams-target-epoch":
      return pair(
        encodeKey(StreamsGroupTargetAssignmentMetadataKey, { groupId }),
        record.value &&
          encodeValue(StreamsGroupTargetAssignmentMetadataValue, VERSION, record.value),
      );
    case "streams-member":
      return pair(
        encodeKey(StreamsGroupMemberMetadataKey, { groupId, memberId: record.memberId }),
        record.value && encodeValue(StreamsGroupMemberMetadataValue, VERSION, record.value),
      );
    case "streams-target":
      return pair(
        encodeKey(StreamsGroupTargetAssignmentMemberKey, { groupId, memberId: record.memberId }),
        record.value && encodeValue(StreamsGroupTargetAssignmentMemberValue, VERSION, record.value),
      );
    case "streams-assignment":
      return pair(
        encodeKey(StreamsGroupCurrentMemberAssignmentKey, { groupId, memberId: record.memberId }),
        record.value &&
          encodeValue(StreamsGroupCurrentMemberAssignmentValue, VERSION, record.value),
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

function pair(key: Buffer, value: Buffer | null): EncodedRecord {
  return { key, value };
}
