import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  type MessageOf,
  messageCodec,
} from "@millrace/protocol";
import type { Uuid } from "@millrace/protocol";
import type { Assignment, TopicPartitions } from "./assignment.ts";
import type { TopicMetadata } from "./topic-metadata.ts";

/** The protocol type of consumers: only what they embed in the classic protocol is understood. */
export const CONSUMER_PROTOCOL_TYPE = "consumer";

/** Bytes of the version before a subscription or an assignment. */
const VERSION_SIZE_BYTES = 2;
/** A version that is newer begins with the fields of the newest one known. */
const VERSION_MAX = 3;

/** What a classic consumer subscribes to. */
export type EmbeddedSubscription = MessageOf<typeof ConsumerProtocolSubscription>;

/** Reads what a classic consumer subscribes to; undefined when it makes no sense. */
export function readSubscription(metadata: Uint8Array): EmbeddedSubscription | undefined {
  const version = versionOf(metadata);
  if (version === undefined) return undefined;
  try {
    return messageCodec(ConsumerProtocolSubscription, version).decode(
      metadata.subarray(VERSION_SIZE_BYTES),
    );
  } catch {
    // The metadata is the client's own affair; a broker that cannot read it must not refuse it.
    return undefined;
  }
}

/** Reads the partitions of a classic consumer; undefined when they make no sense. */
export function readAssignment(
  bytes: Uint8Array,
): MessageOf<typeof ConsumerProtocolAssignment> | undefined {
  const version = versionOf(bytes);
  if (version === undefined) return undefined;
  try {
    return messageCodec(ConsumerProtocolAssignment, version).decode(
      bytes.subarray(VERSION_SIZE_BYTES),
    );
  } catch {
    // As above: who asks decides what to do about it.
    return undefined;
  }
}

/** Writes the partitions of a classic consumer in the version that its own metadata has. */
export function writeAssignment(
  assignment: Assignment,
  metadata: Uint8Array,
  topics: TopicMetadata,
): Uint8Array {
  const version = versionOf(metadata) ?? 0;
  const assignedPartitions = [...assignment].flatMap(([topicId, partitions]) => {
    const topic = topics.byId(topicId)?.name;
    return topic === undefined ? [] : [{ topic, partitions: [...partitions] }];
  });
  const prefix = Buffer.alloc(VERSION_SIZE_BYTES);
  prefix.writeInt16BE(version);
  const codec = messageCodec(ConsumerProtocolAssignment, version);
  return Buffer.concat([prefix, ...codec.encode({ assignedPartitions, userData: null })]);
}

/** Partitions by topic name as partitions by topic id; topics that are gone are left out. */
export function withTopicIds(
  partitions: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  topics: TopicMetadata,
): readonly TopicPartitions[] {
  return partitions.flatMap(({ topic, partitions: indexes }) => {
    const topicId: Uuid | undefined = topics.byName(topic)?.id;
    return topicId === undefined ? [] : [{ topicId, partitions: indexes }];
  });
}

function versionOf(bytes: Uint8Array): number | undefined {
  if (bytes.length < VERSION_SIZE_BYTES) return undefined;
  const version = Buffer.from(bytes.subarray(0, VERSION_SIZE_BYTES)).readInt16BE(0);
  return version < 0 ? undefined : Math.min(version, VERSION_MAX);
}
