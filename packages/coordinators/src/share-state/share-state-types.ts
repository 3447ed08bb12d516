import type { ErrorName, Uuid } from "@millrace/protocol";
import type { MachineTypes } from "../runtime/index.ts";
import type { SharePartitionKey } from "./share-partition-key.ts";
import type { SharePartitionState } from "./share-partition-state.ts";
import type { ShareStateRecord } from "./share-state-records.ts";
import type { StateBatch } from "./state-batches.ts";

/** The types of the share coordinator. */
export interface ShareStateTypes extends MachineTypes {
  readonly state: ShareState;
  readonly input: ShareStateInput;
  readonly record: ShareStateRecord;
  readonly change: never;
  readonly reply: ShareStateReply;
  readonly effect: PruneEffect;
}

/** What one shard of the share coordinator knows. */
export interface ShareState {
  /** By their names. */
  readonly partitions: Map<string, SharePartitionState>;
  /** The offset of the last record. */
  lastOffset: number;
}

/** InitializeShareGroupState: begin a share partition's state, or set it anew. */
export interface InitializeShareStateInput extends SharePartitionKey {
  readonly kind: "initialize-share-state";
  readonly stateEpoch: number;
  /** -1 for a partition that nobody has begun to read. */
  readonly startOffset: number;
}

/** ReadShareGroupState: the state, for the leader of the partition. */
export interface ReadShareStateInput extends SharePartitionKey {
  readonly kind: "read-share-state";
  /** -1 for a reader that does not lead. */
  readonly leaderEpoch: number;
}

/** WriteShareGroupState: what has changed. */
export interface WriteShareStateInput extends SharePartitionKey {
  readonly kind: "write-share-state";
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  /** -1 when it has not changed. */
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
  readonly stateBatches: readonly StateBatch[];
}

/** DeleteShareGroupState: forget a share partition. */
export interface DeleteShareStateInput extends SharePartitionKey {
  readonly kind: "delete-share-state";
}

/** ReadShareGroupStateSummary: how far a share partition is. */
export interface ReadShareSummaryInput extends SharePartitionKey {
  readonly kind: "read-share-summary";
}

/** Topics were deleted: nobody needs the state of their partitions any more. */
export interface ShareTopicsDeletedInput {
  readonly kind: "share-topics-deleted";
  readonly topicIds: ReadonlySet<Uuid>;
}

/** What is asked about one share partition. */
export type SharePartitionRequest =
  | InitializeShareStateInput
  | ReadShareStateInput
  | WriteShareStateInput
  | DeleteShareStateInput
  | ReadShareSummaryInput;

/** The requests that a shard answers. */
export type ShareStateRequest = SharePartitionRequest | ShareTopicsDeletedInput;

/** All that can happen to a shard: requests, and its two clocks. */
export type ShareStateInput =
  | ShareStateRequest
  | { readonly kind: "prune" }
  | { readonly kind: "snapshot-cold" };

/** A protocol error, and what to tell about it. */
interface Answer {
  readonly error: ErrorName;
  readonly message: string | null;
}

/** The answer to a write that has no more to say than whether it was done. */
export interface ShareStateWrittenReply<Kind extends ShareStateRequest["kind"]> extends Answer {
  readonly kind: Kind;
}

/** The answer to ReadShareGroupState. */
export interface ReadShareStateReply extends Answer {
  readonly kind: "read-share-state";
  readonly stateEpoch: number;
  readonly startOffset: number;
  readonly stateBatches: readonly StateBatch[];
}

/** The answer to ReadShareGroupStateSummary. */
export interface ReadShareSummaryReply extends Answer {
  readonly kind: "read-share-summary";
  readonly stateEpoch: number;
  readonly leaderEpoch: number;
  readonly startOffset: number;
  readonly deliveryCompleteCount: number;
}

/** The answers of a shard; each has the kind of its request. */
export type ShareStateReply =
  | ShareStateWrittenReply<"initialize-share-state">
  | ShareStateWrittenReply<"write-share-state">
  | ShareStateWrittenReply<"delete-share-state">
  | ReadShareStateReply
  | ReadShareSummaryReply
  | { readonly kind: "share-topics-deleted" };

/** The answer to a request of one kind. */
export type ShareStateReplyTo<Kind extends ShareStateRequest["kind"]> = Extract<
  ShareStateReply,
  { readonly kind: Kind }
>;

/** The records before an offset are not needed by any share partition: delete them. */
export interface PruneEffect {
  readonly kind: "prune";
  readonly beforeOffset: number;
}
