import { assert, type Clock, type Logger, type Random } from "@millrace/platform";
import type { RecordBatchOptions } from "@millrace/protocol";
import { toBatches } from "./batches.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { CoordinatorLog } from "./coordinator-log.ts";
import type { Machine, ShardError, StepContext } from "./machine.ts";
import type { MachineTypes } from "./machine-types.ts";
import type { Outcome, ReplyTo, TimerChange } from "./outcome.ts";
import { replayLog } from "./replay.ts";
import { ShardTimers } from "./shard-timers.ts";

/** How long a timer waits to be tried again when the log refused what came of it. */
const TIMER_RETRY_MS = 500;

/** What a shard is made of. */
export interface ShardOptions<T extends MachineTypes> {
  readonly machine: Machine<T>;
  readonly log: CoordinatorLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /**
   * Does what a decision had done, once its records are committed. What comes of it is submitted to
   * the shard as an input; after a loss of leadership the next leader's shard has it done again.
   */
  readonly perform?: (effect: T["effect"], shard: Shard<T>) => void;
}

interface Pending<T extends MachineTypes> {
  readonly input: T["input"];
  readonly resolve: (reply: T["reply"]) => void;
}

/**
 * Runs one coordinator over one partition of its internal topic.
 *
 * States: loading → active → closed, or loading → closed. An input is decided, appended and applied
 * in one go; its reply, and every reply that saw what it wrote, leaves when the log is committed
 * that far. Invariant: a refused append changed nothing.
 */
export class Shard<T extends MachineTypes> {
  readonly #options: ShardOptions<T>;
  readonly #state: T["state"];
  readonly #timers: ShardTimers<T["input"]>;
  readonly #pending = new Map<ReplyTo, Pending<T>>();
  readonly #committed = new CommitQueue();
  readonly #stopListening: () => void;
  #phase: "loading" | "active" | "closed" = "loading";
  #lastReplyTo = 0;

  private constructor(options: ShardOptions<T>) {
    this.#options = options;
    this.#state = options.machine.empty();
    this.#timers = new ShardTimers(options.clock, (input) => this.#timerRanOut(input));
    this.#stopListening = options.log.onHighWatermark((end) => this.#committed.advance(end));
  }

  /** Gives a shard that is loading; `load` fills it. */
  static create<T extends MachineTypes>(options: ShardOptions<T>): Shard<T> {
    return new Shard(options);
  }

  /** Whether it answers. */
  get phase(): "loading" | "active" | "closed" {
    return this.#phase;
  }

  /** What it knows; for reading alone: metrics, and answers that need no decision. */
  get state(): T["state"] {
    return this.#state;
  }

  /** Requests that wait for their answer. */
  get pendingCount(): number {
    return this.#pending.size;
  }

  /**
   * Replays the log and begins to answer.
   * @throws IoError when the log cannot be read; the shard is closed then.
   */
  async load(): Promise<void> {
    const { machine, log } = this.#options;
    try {
      await replayLog({
        machine,
        log,
        state: this.#state,
        isWanted: () => this.#phase === "loading",
      });
    } catch (error) {
      this.close("COORDINATOR_NOT_AVAILABLE");
      throw error;
    }
    if (this.#phase !== "loading") return;
    this.#phase = "active";
    const outcome = machine.loaded?.(this.#state, this.#context(0));
    if (outcome !== undefined) this.#bringAbout(outcome);
  }

  /** Carries out a request; the promise is kept when its answer may leave. */
  submit(input: T["input"]): Promise<T["reply"]> {
    return new Promise((resolve) => {
      if (this.#phase !== "active") {
        const loading = this.#phase === "loading";
        this.#refuse(
          { input, resolve },
          loading ? "COORDINATOR_LOAD_IN_PROGRESS" : "NOT_COORDINATOR",
        );
        return;
      }
      const replyTo = ++this.#lastReplyTo;
      this.#pending.set(replyTo, { input, resolve });
      const error = this.#decide(input, replyTo);
      if (error !== undefined) this.#refusePending(replyTo, error);
    });
  }

  /** Applies the end of a transaction, whose marker the broker has written to this log. */
  endTransaction(marker: {
    readonly producerId: bigint;
    readonly producerEpoch: number;
    readonly isCommit: boolean;
    readonly offset: number;
  }): void {
    if (this.#phase === "active") this.#options.machine.endTransaction?.(this.#state, marker);
  }

  /** Ends it: this broker does not lead the partition any more. All that waits is refused. */
  close(error: ShardError = "NOT_COORDINATOR"): void {
    if (this.#phase === "closed") return;
    this.#phase = "closed";
    this.#stopListening();
    this.#timers.clear();
    this.#committed.clear();
    for (const replyTo of this.#pending.keys()) this.#refusePending(replyTo, error);
  }

  #timerRanOut(input: T["input"]): void {
    if (this.#phase !== "active") return;
    const error = this.#decide(input, 0);
    if (error === undefined) return;
    const { logger, clock } = this.#options;
    logger.warn("a coordinator's timer could not write and is tried again", { error });
    clock.setTimer(TIMER_RETRY_MS, () => this.#timerRanOut(input));
  }

  #decide(input: T["input"], replyTo: ReplyTo): ShardError | undefined {
    const outcome = this.#options.machine.step(this.#state, input, this.#context(replyTo));
    return this.#bringAbout(outcome);
  }

  /** Appends, applies, and parks the replies. Gives the error of a refused append. */
  #bringAbout(outcome: Outcome<T>): ShardError | undefined {
    const { machine, log } = this.#options;
    const records = outcome.records ?? [];
    const error = records.length > 0 ? this.#append(records, outcome) : undefined;
    if (error !== undefined) return error;
    for (const change of outcome.changes ?? []) machine.change(this.#state, change);
    this.#changeTimers(outcome);
    for (const { to, reply } of outcome.replies ?? []) this.#reply(to, reply);
    for (const effect of outcome.effects ?? []) {
      // Later in the turn: what it does may come back here while a decision is being brought about.
      this.#committed.park(log.logEndOffset, () => {
        queueMicrotask(() => this.#options.perform?.(effect, this));
      });
    }
    // A reply may leave at once when nothing is on its way to be committed.
    this.#committed.advance(log.highWatermark);
    return undefined;
  }

  #changeTimer(timer: TimerChange<T>): void {
    switch (timer.kind) {
      case "set":
        this.#timers.set(timer.key, timer.delayMs, timer.input);
        return;
      case "set-if-absent":
        this.#timers.setIfAbsent(timer.key, timer.delayMs, timer.input);
        return;
      case "cancel":
        this.#timers.cancel(timer.key);
    }
  }

  /** Appends and applies. After a refusal in the middle, what was appended counts. */
  #append(records: readonly T["record"][], outcome: Outcome<T>): ShardError | undefined {
    const { machine, log, clock } = this.#options;
    const timestamp = clock.nowMs();
    const { splitFrom } = outcome;
    const batches = toBatches(
      records.map((record) => machine.encode(record)),
      { timestamp, splitFrom, sizeBytesMax: log.batchSizeBytesMax, batch: batchOptions(outcome) },
    );
    // Known before anything is written: what no batch can hold leaves no trace.
    if (batches.some(({ bytes }) => bytes.length > log.batchSizeBytesMax)) {
      return "RECORD_TOO_LARGE";
    }
    let appended = 0;
    for (const { bytes, recordCount } of batches) {
      const result = log.append(bytes);
      if (result.kind === "refused") {
        if (appended > 0) this.#changeTimers(outcome);
        return result.error;
      }
      const { baseOffset, endOffset } = result;
      assert(endOffset - baseOffset === recordCount, "a record was not appended");
      for (const [index, record] of records.slice(appended, appended + recordCount).entries()) {
        machine.apply(this.#state, record, {
          offset: baseOffset + index,
          timestampMs: timestamp,
          producerId: outcome.producer?.producerId ?? -1n,
          producerEpoch: outcome.producer?.producerEpoch ?? -1,
        });
      }
      appended += recordCount;
    }
    return undefined;
  }

  #changeTimers(outcome: Outcome<T>): void {
    for (const timer of outcome.timers ?? []) this.#changeTimer(timer);
  }

  #reply(to: ReplyTo, reply: T["reply"]): void {
    this.#committed.park(this.#options.log.logEndOffset, () => {
      const pending = this.#pending.get(to);
      this.#pending.delete(to);
      pending?.resolve(reply);
    });
  }

  #refusePending(replyTo: ReplyTo, error: ShardError): void {
    const pending = this.#pending.get(replyTo);
    if (pending === undefined) return;
    this.#pending.delete(replyTo);
    this.#refuse(pending, error);
  }

  #refuse({ input, resolve }: Pending<T>, error: ShardError): void {
    const reply = this.#options.machine.refuse(input, error);
    assert(reply !== undefined, "an input that has no answer was submitted as a request");
    resolve(reply);
  }

  #context(replyTo: ReplyTo): StepContext {
    const { clock, random } = this.#options;
    return {
      nowMs: clock.nowMs(),
      replyTo,
      freshId: () => Buffer.from(random.bytes(16)).toString("base64url"),
    };
  }
}

function batchOptions<T extends MachineTypes>(outcome: Outcome<T>): RecordBatchOptions {
  const { producer } = outcome;
  if (producer === undefined) return {};
  return {
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    isTransactional: true,
  };
}
