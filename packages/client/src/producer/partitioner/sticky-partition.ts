import type { Random } from "@millrace/platform";
import type { TopicMetadata } from "../../metadata/metadata-cache.ts";

/** What the choice of the next partition looks at. */
export interface StickyOptions {
  readonly random: Random;
  /** A partition is left when it got so many bytes. */
  readonly stickySizeBytes: number;
  /** Whether partitions with fewer waiting batches are chosen more often (KIP-794). */
  readonly isAdaptive: boolean;
  /** How many batches wait for a partition, or -1 to leave it out (its broker takes nothing). */
  readonly waitingBatches: (partition: number) => number;
}

/**
 * The partition that a topic's records without a key go to now. It stays for `stickySizeBytes`, so
 * that batches fill, and moves on at random, so that every partition gets its share (KIP-794).
 */
export class StickyPartition {
  readonly #options: StickyOptions;
  #current = -1;
  #producedBytes = 0;

  constructor(options: StickyOptions) {
    this.#options = options;
  }

  /** The partition for the next record. */
  get(metadata: TopicMetadata): number {
    if (this.#current < 0 || this.#current >= metadata.partitions.length) this.#move(metadata);
    return this.#current;
  }

  /**
   * Counts a record that went to the partition.
   * @param isBatchFull leaving a half-filled batch would cost a request; twice the size is the
   *   limit
   */
  count(sizeBytes: number, isBatchFull: boolean): void {
    this.#producedBytes += sizeBytes;
    const { stickySizeBytes } = this.#options;
    const isOver = this.#producedBytes >= stickySizeBytes * 2;
    if (isOver || (isBatchFull && this.#producedBytes >= stickySizeBytes)) this.#current = -1;
  }

  #move(metadata: TopicMetadata): void {
    this.#producedBytes = 0;
    this.#current = this.#choose(metadata);
  }

  #choose(metadata: TopicMetadata): number {
    const { partitions } = metadata;
    const { random, isAdaptive, waitingBatches } = this.#options;
    const open: number[] = [];
    const waiting: number[] = [];
    for (const { partition, leader } of partitions) {
      if (leader < 0) continue;
      const count = waitingBatches(partition);
      if (count < 0) continue;
      open.push(partition);
      waiting.push(count);
    }
    if (open.length === 0) return random.nextInt(partitions.length);
    const chosen = isAdaptive ? indexByLoad(waiting, random) : random.nextInt(open.length);
    return open[chosen] ?? 0;
  }
}

/** Draws an index; one with fewer waiting is likelier: the longest queue has weight 1. */
function indexByLoad(waiting: readonly number[], random: Random): number {
  let most = 0;
  for (const count of waiting) most = Math.max(most, count);
  let total = 0;
  for (const count of waiting) total += most + 1 - count;
  let drawn = random.nextInt(total);
  for (const [index, count] of waiting.entries()) {
    drawn -= most + 1 - count;
    if (drawn < 0) return index;
  }
  return waiting.length - 1;
}
