import type { MachineTypes } from "./machine-types.ts";
import type { Outcome, ReplyTo } from "./outcome.ts";

/**
 * A coordinator as a pure state machine. `step` decides and changes nothing; `apply` and `change`
 * bring a decision about; replaying its records from an empty state gives the live state again, but
 * for what `change` did. It has no clock and no chance of its own: both come with the input.
 */
export interface Machine<T extends MachineTypes> {
  empty(): T["state"];
  /** Decides on an input. A request that gets no reply here waits until a later step answers it. */
  step(state: T["state"], input: T["input"], context: StepContext): Outcome<T>;
  /** Brings about a record that `step` wrote. Never fails for one. */
  apply(state: T["state"], record: T["record"], origin: RecordOrigin): void;
  /** Brings about a change that is not in the log. */
  change(state: T["state"], change: T["change"]): void;
  /** Brings about the end of a transaction whose records are in this log. */
  endTransaction?(state: T["state"], marker: TransactionEnd): void;
  /** What follows from having replayed the whole log: session timers, for example. */
  loaded?(state: T["state"], context: StepContext): Outcome<T>;
  /**
   * The answer to a request that was not carried out; undefined for an input that has no answer.
   */
  refuse(input: T["input"], error: ShardError): T["reply"] | undefined;
  encode(record: T["record"]): EncodedRecord;
  /** A record of the log; undefined for one of a kind that this version does not know. */
  decode(record: EncodedRecord): T["record"] | undefined;
}

/** What an input meets: the time and chance it may use. */
export interface StepContext {
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
  /** Names the request under decision, for its reply now or later. */
  readonly replyTo: ReplyTo;
  /** A fresh random id in Kafka's 22-character text form; a new one at each call. */
  freshId(): string;
}

/** Where a record stands in the log. */
export interface RecordOrigin {
  readonly offset: number;
  readonly timestampMs: number;
  /** The producer of a transactional record, whose transaction is not ended yet; -1 else. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** The end of a transaction in this log. */
export interface TransactionEnd {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly isCommit: boolean;
  readonly offset: number;
}

/** Key and value of a record in one of Kafka's internal topics; value null is a tombstone. */
export interface EncodedRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

/** Why a shard did not carry out a request: Kafka's error names. */
export type ShardError =
  | "NOT_COORDINATOR"
  | "COORDINATOR_LOAD_IN_PROGRESS"
  | "COORDINATOR_NOT_AVAILABLE"
  | "RECORD_TOO_LARGE"
  | "NOT_ENOUGH_REPLICAS"
  | "KAFKA_STORAGE_ERROR"
  | "UNKNOWN_SERVER_ERROR";
