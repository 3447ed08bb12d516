import type { Timer } from "@millrace/platform";
import type { AssignedPartition } from "./assigned-partition.ts";
import { ConsumerBatch } from "./consumer-batch.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import { abandon, type IterationContext } from "./record-iteration.ts";
import { TurnBudget } from "./turn-budget.ts";

/** How large batches get. */
export interface BatchLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxWaitMs: number;
}

const DONE = { done: true, value: undefined } as const;

/**
 * A loop over batches. A batch is finished when the next one is asked for; one that a `break` or an
 * exception leaves is not.
 */
export class BatchIteration<K, V> implements AsyncIterableIterator<ConsumerBatch<K, V>, undefined> {
  readonly #context: IterationContext<K, V>;
  readonly #limits: BatchLimits;
  readonly #budget: TurnBudget;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  /** Partitions of the batch that the application has, or that is being filled. */
  readonly #touched: AssignedPartition<K, V>[] = [];
  #records: ConsumerRecord<K, V>[] = [];
  #sizeBytes = 0;
  /** What came after the records of the batch that was handed over. */
  #error: Error | undefined;
  #hasEnded = false;

  constructor(context: IterationContext<K, V>, limits: BatchLimits, signal?: AbortSignal) {
    this.#context = context;
    this.#limits = limits;
    this.#budget = new TurnBudget(context.clock);
    this.#signal = signal;
    this.#onAbort = () => context.buffer.wake();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ConsumerBatch<K, V>, undefined>> {
    const { activity } = this.#context;
    for (const partition of this.#touched) partition.finish();
    this.#touched.length = 0;
    activity.polls += 1;
    activity.waiting += 1;
    try {
      if (this.#budget.isOver()) await this.#budget.next();
      await this.#fill();
      if (this.#records.length > 0) return { done: false, value: this.#hand() };
      if (this.#error !== undefined && !this.#mustEnd()) throw this.#error;
      return this.#end();
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      activity.waiting -= 1;
      activity.polls += 1;
    }
  }

  /** Leaves the batch that was given last unfinished: nobody knows whether it was handled. */
  return(): Promise<IteratorResult<ConsumerBatch<K, V>, undefined>> {
    return Promise.resolve(this.#end());
  }

  async #fill(): Promise<void> {
    const { buffer, clock } = this.#context;
    let timer: Timer | undefined;
    let isLate = false;
    try {
      while (!this.#mustEnd() && this.#error === undefined) {
        const pending = this.#takeWhatThereIs();
        if (pending !== undefined) {
          await this.#settle(pending);
          continue;
        }
        if (this.#isFull() || this.#error !== undefined) return;
        if (this.#records.length > 0) {
          if (isLate || this.#limits.maxWaitMs === 0) return;
          timer ??= clock.setTimer(this.#limits.maxWaitMs, () => {
            isLate = true;
            buffer.wake();
          });
        }
        await buffer.wait();
        this.#budget.renew();
      }
    } finally {
      timer?.cancel();
    }
  }

  /** Takes records until the batch is full, none are left, or one takes time to be read. */
  #takeWhatThereIs(): Promise<ConsumerRecord<K, V> | undefined> | undefined {
    const { reader } = this.#context;
    try {
      while (!this.#isFull()) {
        const taken = reader.take();
        if (taken === undefined || taken instanceof Promise) return taken;
        this.#put(taken);
      }
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
    return undefined;
  }

  async #settle(pending: Promise<ConsumerRecord<K, V> | undefined>): Promise<void> {
    try {
      const record = await pending;
      if (record !== undefined) this.#put(record);
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #put(record: ConsumerRecord<K, V>): void {
    const partition = this.#context.reader.current;
    this.#records.push(record);
    this.#sizeBytes += record.sizeBytes;
    if (partition === undefined || partition.outstanding > 0) return;
    partition.outstanding = 1;
    this.#touched.push(partition);
  }

  #hand(): ConsumerBatch<K, V> {
    const batch = new ConsumerBatch(this.#records, this.#sizeBytes);
    this.#records = [];
    this.#sizeBytes = 0;
    return batch;
  }

  #isFull(): boolean {
    const { maxRecords, maxBytes } = this.#limits;
    return this.#records.length >= maxRecords || this.#sizeBytes >= maxBytes;
  }

  #mustEnd(): boolean {
    return this.#hasEnded || this.#signal?.aborted === true || this.#context.isClosed();
  }

  #end(): typeof DONE {
    if (this.#hasEnded) return DONE;
    this.#hasEnded = true;
    for (const partition of this.#touched) abandon(partition);
    this.#touched.length = 0;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#context.onEnd();
    return DONE;
  }
}
