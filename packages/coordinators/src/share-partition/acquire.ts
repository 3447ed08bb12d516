import { type InFlightRange, type InFlightRanges, recordCount } from "./in-flight-ranges.ts";
import type { AcquiredRange, AcquireRequest, FetchedBatch } from "./share-types.ts";

/** Records delivered this often are slowed down whatever the limit (Kafka's constant). */
const slowedDeliveryCountMin = 2;

/** What acquiring changes of its share partition. */
export interface AcquireScope {
  readonly ranges: InFlightRanges;
  /** The first offset that was never fetched. */
  readonly nextOffset: number;
  readonly startOffset: number;
}

/** Which offsets may be acquired, and how many. */
interface Window {
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly recordsMax: number;
}

/**
 * Acquires what a read found: first the records that are available again, then new ones.
 *
 * As Apache Kafka 4.3: a batch that was delivered often is delivered in halves, and a record with
 * its last attempt alone, so that one bad record does not use up its neighbours' attempts.
 * @returns the ranges in order, and the first offset that was never fetched as it is now.
 */
export function acquireRecords(
  scope: AcquireScope,
  request: AcquireRequest,
): { readonly acquired: AcquiredRange[]; readonly nextOffset: number } {
  const window = windowOf(scope, request);
  if (window === undefined) return { acquired: [], nextOffset: scope.nextOffset };
  const found = acquireAvailable(scope.ranges, request, window);
  const left = window.recordsMax - found.count;
  const firstOffset = Math.max(window.firstOffset, scope.nextOffset);
  if (found.isOver || left <= 0 || firstOffset > window.lastOffset) {
    return { acquired: found.acquired, nextOffset: scope.nextOffset };
  }
  const rest = { firstOffset, lastOffset: window.lastOffset, recordsMax: left };
  const added = acquireNew(scope.ranges, request, rest);
  return { acquired: [...found.acquired, ...added.acquired], nextOffset: added.nextOffset };
}

function windowOf(scope: AcquireScope, request: AcquireRequest): Window | undefined {
  const firstBatch = request.batches[0];
  const lastBatch = request.batches.at(-1);
  if (firstBatch === undefined || lastBatch === undefined) return undefined;
  const { recordLocksMax } = request.limits;
  const inFlightCount = scope.nextOffset - scope.startOffset;
  let recordsMax = Math.min(request.maxRecords, recordLocksMax - inFlightCount);
  let { lastOffset } = lastBatch;
  if (recordsMax <= 0 && request.fetchOffset < scope.nextOffset) {
    // No room for more, but what is in flight anyway and became available can go out.
    recordsMax = Math.min(request.maxRecords, scope.nextOffset - request.fetchOffset);
    lastOffset = Math.min(lastOffset, scope.nextOffset - 1);
  }
  if (recordsMax <= 0) return undefined;
  return { firstOffset: firstBatch.baseOffset, lastOffset, recordsMax };
}

interface Found {
  readonly acquired: AcquiredRange[];
  readonly count: number;
  /** Nothing may be added: what was acquired is slowed down, or must go alone. */
  readonly isOver: boolean;
}

function acquireAvailable(ranges: InFlightRanges, request: AcquireRequest, window: Window): Found {
  const acquired: AcquiredRange[] = [];
  let count = 0;
  let index = ranges.indexFrom(window.firstOffset);
  for (;;) {
    const range = ranges.at(index);
    if (range === undefined || range.firstOffset > window.lastOffset) break;
    if (count >= window.recordsMax) break;
    const group = new BatchAcquisition(ranges, request, window, window.recordsMax - count);
    const isSlowed = group.isSlowed(index);
    if (isSlowed && count > 0) return { acquired, count, isOver: true };
    index = group.acquire(index, acquired);
    count += group.count;
    if (isSlowed && group.count > 0) return { acquired, count, isOver: true };
  }
  return { acquired, count, isOver: false };
}

/** Acquires from the ranges of one batch, which parted ways or did not. */
class BatchAcquisition {
  readonly #ranges: InFlightRanges;
  readonly #request: AcquireRequest;
  readonly #window: Window;
  readonly #recordsMax: number;
  readonly #slowedFrom: number;
  #slowedMax = Number.POSITIVE_INFINITY;
  count = 0;

  constructor(ranges: InFlightRanges, request: AcquireRequest, window: Window, recordsMax: number) {
    this.#ranges = ranges;
    this.#request = request;
    this.#window = window;
    this.#recordsMax = recordsMax;
    const half = Math.ceil(request.limits.deliveryCountMax / 2);
    this.#slowedFrom = Math.max(slowedDeliveryCountMin, half);
  }

  /** Whether a record of the batch that begins at an index was delivered suspiciously often. */
  isSlowed(start: number): boolean {
    const batchFirstOffset = this.#ranges.at(start)?.batchFirstOffset;
    for (let index = start; ; index += 1) {
      const range = this.#ranges.at(index);
      if (range === undefined || !this.#isOfBatch(range, batchFirstOffset)) return false;
      if (isAcquirable(range) && range.deliveryCount >= this.#slowedFrom) return true;
    }
  }

  /** @returns the index behind the batch. */
  acquire(start: number, acquired: AcquiredRange[]): number {
    const batchFirstOffset = this.#ranges.at(start)?.batchFirstOffset;
    let index = start;
    let isOver = false;
    for (;;) {
      const range = this.#ranges.at(index);
      if (range === undefined || !this.#isOfBatch(range, batchFirstOffset)) return index;
      if (!isOver && isAcquirable(range)) isOver = this.#acquireRange(range, acquired);
      index += 1;
    }
  }

  #isOfBatch(range: InFlightRange, batchFirstOffset: number | undefined): boolean {
    return (
      range.batchFirstOffset === batchFirstOffset && range.firstOffset <= this.#window.lastOffset
    );
  }

  /** @returns whether nothing more of this batch may be acquired. */
  #acquireRange(range: InFlightRange, acquired: AcquiredRange[]): boolean {
    const { deliveryCountMax } = this.#request.limits;
    const isAlone = deliveryCountMax > 2 && range.deliveryCount >= deliveryCountMax - 1;
    if (isAlone && this.count > 0) return true;
    if (range.deliveryCount >= this.#slowedFrom && this.#slowedMax === Number.POSITIVE_INFINITY) {
      const halvings = range.deliveryCount - this.#slowedFrom + 1;
      this.#slowedMax = Math.max(1, Math.floor(range.batchRecordCount / 2 ** halvings));
    }
    const firstOffset = Math.max(range.firstOffset, this.#window.firstOffset);
    let lastOffset = Math.min(range.lastOffset, this.#window.lastOffset);
    lastOffset = Math.min(lastOffset, this.#lastWanted(range, firstOffset));
    lastOffset = Math.min(lastOffset, firstOffset + this.#slowedMax - this.count - 1);
    if (isAlone) lastOffset = Math.min(lastOffset, firstOffset);
    if (lastOffset < firstOffset) return true;
    // Indexes behind move with each cut: the walk goes on at the range after this one.
    const { start } = this.#ranges.isolate(firstOffset, lastOffset);
    const part = this.#ranges.at(start);
    if (part === undefined) return true;
    lock(this.#ranges, part, this.#request);
    this.count += recordCount(part);
    const { deliveryCount } = part;
    acquired.push({ firstOffset, lastOffset, deliveryCount });
    return isAlone || this.count >= this.#slowedMax || this.#isFull(deliveryCount);
  }

  /** A batch that comes back goes out whole, whatever was wanted. */
  #isFull(deliveryCount: number): boolean {
    const isExact = this.#request.mode === "record_limit" || deliveryCount === 1;
    return isExact && this.count >= this.#recordsMax;
  }

  /** Kafka gives a batch that comes back whole; one that was never delivered ends with a batch. */
  #lastWanted(range: InFlightRange, firstOffset: number): number {
    const lastOffset = firstOffset + (this.#recordsMax - this.count) - 1;
    if (this.#request.mode === "record_limit") return lastOffset;
    if (range.deliveryCount > 0) return range.lastOffset;
    if (lastOffset < firstOffset) return lastOffset;
    return Math.min(range.lastOffset, lastOffsetOfBatchWith(this.#request.batches, lastOffset));
  }
}

function isAcquirable(range: InFlightRange): boolean {
  return range.state === "available" && range.writeId === 0;
}

function lock(ranges: InFlightRanges, range: InFlightRange, request: AcquireRequest): void {
  ranges.setState(range, "acquired");
  range.deliveryCount += 1;
  range.memberId = request.memberId;
  range.lockedUntilMs = request.lockedUntilMs;
}

function acquireNew(
  ranges: InFlightRanges,
  request: AcquireRequest,
  window: Window,
): { readonly acquired: AcquiredRange[]; readonly nextOffset: number } {
  const { mode, batches, memberId, lockedUntilMs } = request;
  const { firstOffset, recordsMax } = window;
  let { lastOffset } = window;
  if (recordsMax < lastOffset - firstOffset + 1) {
    lastOffset = lastOffsetOfBatchWith(batches, firstOffset + recordsMax - 1);
  }
  const held = { state: "acquired", deliveryCount: 1, memberId, lockedUntilMs } as const;
  const nextOffset = lastOffset + 1;
  if (mode === "record_limit") {
    const lastWanted = Math.min(lastOffset, firstOffset + recordsMax - 1);
    const range = ranges.append({ firstOffset, lastOffset, ...held });
    if (lastWanted < lastOffset) {
      ranges.cutAt(lastWanted + 1);
      giveBack(ranges, range, lastOffset);
    }
    return { acquired: [{ firstOffset, lastOffset: lastWanted, deliveryCount: 1 }], nextOffset };
  }
  const acquired = partByBatches(request, firstOffset, lastOffset);
  for (const range of acquired) ranges.append({ ...range, ...held });
  return { acquired, nextOffset };
}

/** The rest of a batch whose beginning was acquired alone waits for the next fetch. */
function giveBack(ranges: InFlightRanges, acquired: InFlightRange, lastOffset: number): void {
  const rest = ranges.at(ranges.indexFrom(acquired.lastOffset + 1));
  if (rest === undefined || rest.lastOffset !== lastOffset) return;
  ranges.setState(rest, "available");
  rest.deliveryCount = 0;
  rest.memberId = "";
  rest.lockedUntilMs = 0;
}

/** Parts new records where batches end, so that each part has about `batchSize` of them. */
function partByBatches(
  request: AcquireRequest,
  firstOffset: number,
  lastOffset: number,
): AcquiredRange[] {
  const parts: AcquiredRange[] = [];
  let first = firstOffset;
  if (lastOffset - firstOffset + 1 > request.batchSize) {
    for (const { baseOffset } of request.batches) {
      if (baseOffset > lastOffset) break;
      if (baseOffset > first && baseOffset - first >= request.batchSize) {
        parts.push({ firstOffset: first, lastOffset: baseOffset - 1, deliveryCount: 1 });
        first = baseOffset;
      }
    }
  }
  parts.push({ firstOffset: first, lastOffset, deliveryCount: 1 });
  return parts;
}

/** The end of the batch that an offset lies in; the offset itself when it lies between two. */
function lastOffsetOfBatchWith(batches: readonly FetchedBatch[], offset: number): number {
  const batch = batches.findLast(({ baseOffset }) => baseOffset <= offset);
  return batch !== undefined && batch.lastOffset >= offset ? batch.lastOffset : offset;
}

/** Takes offsets out of acquired ranges: what is left may be delivered. */
export function withoutBatches(
  acquired: readonly AcquiredRange[],
  batches: readonly FetchedBatch[],
): AcquiredRange[] {
  let left: AcquiredRange[] = [...acquired];
  for (const { baseOffset, lastOffset } of batches) {
    left = left.flatMap((range) => {
      if (range.lastOffset < baseOffset || range.firstOffset > lastOffset) return [range];
      const parts: AcquiredRange[] = [];
      if (range.firstOffset < baseOffset) parts.push({ ...range, lastOffset: baseOffset - 1 });
      if (range.lastOffset > lastOffset) parts.push({ ...range, firstOffset: lastOffset + 1 });
      return parts;
    });
  }
  return left;
}
