/** Why a member's group cannot work yet, or is to end. */
export interface StreamsStatus {
  readonly code: StreamsStatusCode;
  readonly detail: string;
}

/** The statuses by Kafka's names. */
export type StreamsStatusCode =
  | "STALE_TOPOLOGY"
  | "MISSING_SOURCE_TOPICS"
  | "INCORRECTLY_PARTITIONED_TOPICS"
  | "MISSING_INTERNAL_TOPICS"
  | "SHUTDOWN_APPLICATION"
  | "ASSIGNMENT_DELAYED";

/** A topic that a group needs and that is not there yet. */
export interface InternalTopicToCreate {
  readonly name: string;
  readonly partitions: number;
  /** -1 for the broker's default. */
  readonly replicationFactor: number;
  readonly configs: readonly { readonly name: string; readonly value: string }[];
}
