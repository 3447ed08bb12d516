import { ConsumerProtocolSubscription, messageCodec } from "@millrace/protocol";
import { type ClassicGroup, protocolMetadata } from "../classic/classic-group.ts";

/** The protocol type of consumers: only its metadata is understood here. */
const CONSUMER_PROTOCOL_TYPE = "consumer";

/**
 * The topics that the members of a classic consumer group have subscribed to; undefined when it
 * cannot be told: the group is of another type, between generations, or a member says nonsense.
 */
export function subscribedTopics(group: ClassicGroup): ReadonlySet<string> | undefined {
  if (group.protocolType !== CONSUMER_PROTOCOL_TYPE) return undefined;
  if (group.members.size === 0) return new Set();
  if (group.protocolName === null) return undefined;
  const topics = new Set<string>();
  for (const member of group.members.values()) {
    const metadata = protocolMetadata(member, group.protocolName);
    for (const topic of topicsOf(metadata) ?? []) topics.add(topic);
  }
  return topics;
}

/** Bytes of the version before a subscription. */
const VERSION_SIZE_BYTES = 2;

function topicsOf(metadata: Uint8Array): readonly string[] | undefined {
  if (metadata.length < VERSION_SIZE_BYTES) return undefined;
  const version = Buffer.from(metadata.subarray(0, VERSION_SIZE_BYTES)).readInt16BE(0);
  try {
    // A version that is newer than ours begins with the fields of version 0.
    const known = Math.min(Math.max(version, 0), 3);
    return messageCodec(ConsumerProtocolSubscription, known).decode(
      metadata.subarray(VERSION_SIZE_BYTES),
    ).topics;
  } catch {
    // The metadata is the client's own affair; a broker that cannot read it must not refuse it.
    return undefined;
  }
}
