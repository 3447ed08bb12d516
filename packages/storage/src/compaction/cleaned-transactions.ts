/** An aborted transaction, as the transaction index holds it; the producer's id is a number. */
export interface AbortedTransactionRange {
  readonly producerId: number;
  readonly firstOffset: number;
  /** The marker's offset. */
  readonly lastOffset: number;
  readonly lastStableOffset: number;
}

/** Where a walk over a log stands between two groups of segments. */
export interface TransactionWalkState {
  readonly nextAborted: number;
  readonly committed: readonly number[];
  readonly aborted: readonly OngoingAborted[];
}

interface OngoingAborted {
  readonly range: AbortedTransactionRange;
  /** Whether a batch of it was passed that is still in the log. */
  wasSeen: boolean;
}

/**
 * Follows transactions while a log is read from its beginning, and says of each batch whether it
 * belongs to an aborted one, and of each marker whether nothing of its transaction is left.
 * Source: CleanedTransactionMetadata of Apache Kafka.
 */
export class CleanedTransactions {
  readonly #ranges: readonly AbortedTransactionRange[];
  #nextAborted: number;
  readonly #committed: Set<number>;
  readonly #aborted: Map<number, OngoingAborted>;
  /** Aborted transactions of which a marker was passed that stays: the new transaction index. */
  readonly kept: AbortedTransactionRange[] = [];

  /** `ranges` are sorted by first offset and cover the log from where the walk begins. */
  constructor(ranges: readonly AbortedTransactionRange[], state?: TransactionWalkState) {
    this.#ranges = ranges;
    this.#nextAborted = state?.nextAborted ?? 0;
    this.#committed = new Set(state?.committed);
    this.#aborted = new Map(state?.aborted.map((each) => [each.range.producerId, { ...each }]));
  }

  /** Where the walk stands, for one that goes on. */
  get state(): TransactionWalkState {
    return {
      nextAborted: this.#nextAborted,
      committed: [...this.#committed],
      aborted: [...this.#aborted.values()],
    };
  }

  /** Passes a data batch; true when it belongs to an aborted transaction and can go. */
  passBatch(batch: {
    readonly producerId: number;
    readonly isTransactional: boolean;
    readonly lastOffset: number;
  }): boolean {
    this.#begin(batch.lastOffset);
    if (!batch.isTransactional) return false;
    const aborted = this.#aborted.get(batch.producerId);
    if (aborted === undefined) {
      this.#committed.add(batch.producerId);
      return false;
    }
    aborted.wasSeen = true;
    return true;
  }

  /**
   * Passes a marker; true when nothing of its transaction is left, so that it can go. `undefined`
   * stands for a batch whose marker was removed before.
   */
  passMarker(marker: {
    readonly producerId: number;
    readonly type: "ABORT" | "COMMIT" | "other" | undefined;
    readonly lastOffset: number;
  }): boolean {
    const { producerId } = marker;
    this.#begin(marker.lastOffset);
    if (marker.type === undefined) return true;
    if (marker.type === "COMMIT") return !this.#committed.delete(producerId);
    if (marker.type === "other") return false;
    const aborted = this.#aborted.get(producerId);
    this.#aborted.delete(producerId);
    if (aborted === undefined || !aborted.wasSeen) return true;
    this.kept.push(aborted.range);
    return false;
  }

  /** Transactions that began up to an offset are under way. */
  #begin(offset: number): void {
    for (;;) {
      const range = this.#ranges[this.#nextAborted];
      if (range === undefined || range.firstOffset > offset) return;
      this.#nextAborted += 1;
      if (!this.#aborted.has(range.producerId)) {
        this.#aborted.set(range.producerId, { range, wasSeen: false });
      }
    }
  }
}
