import type { Clock } from "@millrace/platform";
import type { ActivityWatch } from "./activity-watch.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import type { ConsumerRecord } from "./consumer-record.ts";
import type { RecordBuffer } from "./record-buffer.ts";
import type { RecordReader } from "./record-reader.ts";
import { TurnBudget } from "./turn-budget.ts";

/** What a loop over records works with. */
export interface IterationContext<K, V> {
  readonly clock: Clock;
  readonly buffer: RecordBuffer<K, V>;
  readonly reader: RecordReader<K, V>;
  readonly activity: ActivityWatch;
  /** Whether the consumer is closed: loops end then. */
  readonly isClosed: () => boolean;
  /** Called once, when the loop has ended. */
  readonly onEnd: () => void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * A loop over records, one at a time. A record is finished when the next one is asked for; one that
 * a `break` or an exception leaves is not.
 */
export class RecordIteration<K, V>
  implements AsyncIterableIterator<ConsumerRecord<K, V>, undefined>
{
  readonly #context: IterationContext<K, V>;
  readonly #budget: TurnBudget;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #last: AssignedPartition<K, V> | undefined;
  #hasEnded = false;

  constructor(context: IterationContext<K, V>, signal?: AbortSignal) {
    this.#context = context;
    this.#budget = new TurnBudget(context.clock);
    this.#signal = signal;
    this.#onAbort = () => context.buffer.wake();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<ConsumerRecord<K, V>, undefined>> {
    const { reader, activity } = this.#context;
    this.#last?.finish();
    this.#last = undefined;
    activity.polls += 1;
    if (this.#mustEnd() || this.#budget.isOver()) return this.#nextSlowly();
    try {
      const taken = reader.take();
      if (taken === undefined || taken instanceof Promise) return this.#nextSlowly(taken);
      return Promise.resolve(this.#give(taken));
    } catch (error) {
      this.#end();
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Leaves the record that was given last unfinished: nobody knows whether it was handled. */
  return(): Promise<IteratorResult<ConsumerRecord<K, V>, undefined>> {
    this.#end();
    return Promise.resolve(DONE);
  }

  async #nextSlowly(
    first?: Promise<ConsumerRecord<K, V> | undefined>,
  ): Promise<IteratorResult<ConsumerRecord<K, V>, undefined>> {
    const { buffer, reader, activity } = this.#context;
    activity.waiting += 1;
    try {
      let taken: ReturnType<typeof reader.take> = first;
      for (;;) {
        if (taken instanceof Promise) taken = await taken;
        if (taken !== undefined && !(taken instanceof Promise)) return this.#give(taken);
        if (this.#mustEnd()) return this.#end();
        if (buffer.isEmpty) await buffer.wait();
        if (this.#budget.isOver()) await this.#budget.next();
        if (this.#mustEnd()) return this.#end();
        taken = reader.take();
      }
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      activity.waiting -= 1;
      activity.polls += 1;
    }
  }

  #give(record: ConsumerRecord<K, V>): IteratorYieldResult<ConsumerRecord<K, V>> {
    const partition = this.#context.reader.current;
    this.#last = partition;
    if (partition !== undefined) partition.outstanding = 1;
    return { done: false, value: record };
  }

  #mustEnd(): boolean {
    return this.#hasEnded || this.#signal?.aborted === true || this.#context.isClosed();
  }

  #end(): typeof DONE {
    if (this.#hasEnded) return DONE;
    this.#hasEnded = true;
    if (this.#last !== undefined) abandon(this.#last);
    this.#last = undefined;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#context.onEnd();
    return DONE;
  }
}

/** Lets go of records without finishing them. */
export function abandon(partition: AssignedPartition): void {
  partition.outstanding = 0;
  partition.onQuiet?.();
}
