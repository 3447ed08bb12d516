import type { KafkaError } from "../../errors/kafka-error.ts";

/** What a member does about an error of a ConsumerGroupHeartbeat or a ShareGroupHeartbeat. */
export type HeartbeatReaction = "again" | "fenced" | "end";

/** Tells what to do about an error of a heartbeat. */
export function reactionTo(error: KafkaError): HeartbeatReaction {
  switch (error.code) {
    case "UNKNOWN_MEMBER_ID":
    case "FENCED_MEMBER_EPOCH":
      return "fenced";
    case "TOPIC_AUTHORIZATION_FAILED":
      // An ACL may come; Java's member goes on asking, too.
      return "again";
    default:
      return error.retriable ? "again" : "end";
  }
}
