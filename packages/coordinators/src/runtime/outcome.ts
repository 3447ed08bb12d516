import type { MachineTypes } from "./machine-types.ts";

/**
 * What a decision came to. Nothing of it has happened yet: the shard appends the records and then
 * brings about all the rest, or nothing of it when the append was refused.
 */
export interface Outcome<T extends MachineTypes> {
  /** What must survive; one batch, in this order. */
  readonly records?: readonly T["record"][];
  /**
   * When one batch cannot hold the records, those from this index on may begin further ones. Every
   * beginning of them from there is then a state to go on from: if the log's disk is full in the
   * middle, or the power fails, it is all that is there, and the timers are set without the rest
   * having happened. Undefined: one batch or nothing.
   */
  readonly splitFrom?: number | undefined;
  /** The transaction that the records belong to (TxnOffsetCommit). */
  readonly producer?: BatchProducer;
  /** Changes to what need not survive: who waits for an answer, for example. */
  readonly changes?: readonly T["change"][];
  readonly replies?: readonly Reply<T>[];
  readonly timers?: readonly TimerChange<T>[];
  /**
   * What the broker is to do once the records are committed: write transaction markers, for
   * example.
   */
  readonly effects?: readonly T["effect"][];
}

/** The producer whose transaction a batch belongs to. */
export interface BatchProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** An answer to a request: this one, or an earlier one that was left waiting. */
export interface Reply<T extends MachineTypes> {
  readonly to: ReplyTo;
  readonly reply: T["reply"];
}

/** Names a request that waits for its answer; never used twice in a shard. */
export type ReplyTo = number;

/** Sets a timer, replacing the one with its key or leaving it as it is, or cancels it. */
export type TimerChange<T extends MachineTypes> =
  | {
      readonly kind: "set" | "set-if-absent";
      readonly key: string;
      readonly delayMs: number;
      /** What the machine is given when the time has come. */
      readonly input: T["input"];
    }
  | { readonly kind: "cancel"; readonly key: string };
