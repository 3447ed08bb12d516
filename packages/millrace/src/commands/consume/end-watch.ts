import type { Consumer } from "@millrace/client";
import type { Clock, Timer } from "@millrace/platform";
import type { PartitionName, PartitionSpan } from "../../offsets/resolve-range.ts";

/** Positions move without a record where markers of transactions or compaction lie. */
const lookEveryMs = 50;

/**
 * Knows when each partition was read up to its end. Partitions that are done are paused, so that
 * nothing is fetched for nobody.
 */
export class EndWatch implements Disposable {
  readonly #consumer: Consumer;
  readonly #open: Set<PartitionSpan>;
  readonly #ends = new Map<string, number>();
  readonly #done = new AbortController();
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(consumer: Consumer, spans: readonly PartitionSpan[], clock: Clock) {
    this.#consumer = consumer;
    this.#clock = clock;
    this.#open = new Set(spans);
    for (const span of spans) this.#ends.set(keyOf(span), span.end ?? Number.POSITIVE_INFINITY);
    if (spans.some(({ end }) => end !== undefined)) this.#lookLater();
  }

  /** Aborted when every partition was read; never where one has no end. */
  get ended(): AbortSignal {
    return this.#done.signal;
  }

  /** Whether a record lies before the end of its partition. */
  isWithin(record: PartitionName & { readonly offsetNumber: number }): boolean {
    return record.offsetNumber < (this.#ends.get(keyOf(record)) ?? 0);
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #lookLater(): void {
    this.#timer = this.#clock.setTimer(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    for (const span of this.#open) {
      if (span.end === undefined) continue;
      const position = await this.#consumer.position(span);
      if (position < BigInt(span.end)) continue;
      this.#open.delete(span);
      this.#consumer.pause([span]);
    }
    if (this.#open.size === 0) this.#done.abort();
    else if (this.#timer !== undefined) this.#lookLater();
  }
}

function keyOf({ topic, partition }: PartitionName): string {
  return `${topic}-${partition}`;
}
