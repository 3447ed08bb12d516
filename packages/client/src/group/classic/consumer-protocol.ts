import {
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  messageCodec,
  Reader,
} from "@millrace/protocol";
import { KafkaError } from "../../errors/kafka-error.ts";
import { compareByTopic, compareText } from "../assignors/ordering.ts";
import type { AssignorMember, TopicPartition } from "../membership.ts";

/** The protocol type under which consumers join a classic group. */
export const CONSUMER_PROTOCOL_TYPE = "consumer";

/** Bytes of the version before a subscription or an assignment. */
const VERSION_SIZE_BYTES = 2;
/** The newest version known; a newer one begins with the fields of this one. */
const VERSION_MAX = 3;

/** What a member says of itself when it joins; who it is the coordinator adds. */
export type MemberSubscription = Omit<AssignorMember, "memberId" | "groupInstanceId">;

/** Writes a subscription as Java's consumer does; older versions leave out what they have not. */
export function writeSubscription(
  subscription: MemberSubscription,
  version = VERSION_MAX,
): Uint8Array {
  const { topics, ownedPartitions, generationId, rackId, userData } = subscription;
  const owned = [...ownedPartitions].sort(compareByTopic);
  const body = messageCodec(ConsumerProtocolSubscription, version).encode({
    topics: [...topics].sort(compareText),
    userData: userData ?? null,
    ownedPartitions: byTopic(owned),
    generationId,
    rackId: rackId ?? null,
  });
  return withVersion(version, body);
}

/**
 * Reads what another member subscribes to.
 * @throws KafkaError INCONSISTENT_GROUP_PROTOCOL when it makes no sense
 */
export function readSubscription(bytes: Uint8Array): MemberSubscription {
  const read = (version: number, body: Uint8Array): MemberSubscription => {
    const codec = messageCodec(ConsumerProtocolSubscription, version);
    const subscription = codec.read(new Reader(body));
    const { rackId, userData } = subscription;
    return {
      topics: subscription.topics,
      ownedPartitions: flat(subscription.ownedPartitions),
      generationId: subscription.generationId,
      rackId: rackId === null || rackId === "" ? undefined : rackId,
      userData: userData ?? undefined,
    };
  };
  return reading(bytes, "subscription", read);
}

/** Writes the partitions of one member. */
export function writeAssignment(
  partitions: readonly TopicPartition[],
  version = VERSION_MAX,
): Uint8Array {
  const codec = messageCodec(ConsumerProtocolAssignment, version);
  const body = codec.encode({ assignedPartitions: byTopic(partitions), userData: null });
  return withVersion(version, body);
}

/**
 * Reads the partitions that the group's leader gave to this member; no bytes are no partitions.
 * @throws KafkaError INCONSISTENT_GROUP_PROTOCOL when they make no sense
 */
export function readAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  return reading(bytes, "assignment", (version, body) => {
    const codec = messageCodec(ConsumerProtocolAssignment, version);
    return flat(codec.read(new Reader(body)).assignedPartitions);
  });
}

function byTopic(
  partitions: readonly TopicPartition[],
): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  const groups = Map.groupBy(partitions, ({ topic }) => topic);
  return [...groups].map(([topic, group]) => {
    return { topic, partitions: group.map(({ partition }) => partition) };
  });
}

function flat(
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): readonly TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => {
    return partitions.map((partition) => ({ topic, partition }));
  });
}

function withVersion(version: number, body: readonly Uint8Array[]): Uint8Array {
  const prefix = Buffer.alloc(VERSION_SIZE_BYTES);
  prefix.writeInt16BE(version);
  return Buffer.concat([prefix, ...body]);
}

function reading<T>(
  bytes: Uint8Array,
  what: string,
  read: (version: number, body: Uint8Array) => T,
): T {
  try {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const version = view.readInt16BE(0);
    // What stands behind the fields, in a newer version, is left unread.
    return read(Math.min(version, VERSION_MAX), view.subarray(VERSION_SIZE_BYTES));
  } catch (cause) {
    const message = `a member's ${what} in the group cannot be read`;
    throw new KafkaError("INCONSISTENT_GROUP_PROTOCOL", message, { cause });
  }
}
