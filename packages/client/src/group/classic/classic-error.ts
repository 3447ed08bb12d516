import type { ErrorName } from "@millrace/protocol";
import type { KafkaError } from "../../errors/kafka-error.ts";

/** What a member does about an error of its coordinator. */
export type ClassicReaction =
  /** Ask again after a pause; the coordinator may be another. */
  | "again"
  /** It is a member no longer: join with the same member id … */
  | "rejoin"
  /** … or as a new one. */
  | "rejoin-as-new"
  /** Nothing that is tried again mends it. */
  | "end";

const reactions: { readonly [C in ErrorName]?: ClassicReaction } = {
  COORDINATOR_NOT_AVAILABLE: "again",
  NOT_COORDINATOR: "again",
  COORDINATOR_LOAD_IN_PROGRESS: "again",
  REBALANCE_IN_PROGRESS: "again",
  ILLEGAL_GENERATION: "rejoin",
  UNKNOWN_MEMBER_ID: "rejoin-as-new",
};

/** Tells what to do about an error of JoinGroup, SyncGroup or Heartbeat. */
export function reactionTo(error: KafkaError): ClassicReaction {
  const known: Readonly<Record<string, ClassicReaction | undefined>> = reactions;
  return known[error.code] ?? (error.retriable ? "again" : "end");
}
