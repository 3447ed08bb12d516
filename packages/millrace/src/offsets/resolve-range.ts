import type { OffsetPoint, OffsetRange } from "./offset-range.ts";

/** A partition of a topic. */
export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** Where a partition begins and ends now, and where a time lies in it. */
export interface OffsetSource {
  /** The first offset of each partition, in their order. */
  startOffsets(partitions: readonly PartitionName[]): Promise<readonly number[]>;
  /** The offset behind the last record of each. */
  endOffsets(partitions: readonly PartitionName[]): Promise<readonly number[]>;
  /** The first offset at or after a time, in each; undefined where no record is as young. */
  offsetsAt(
    partitions: readonly PartitionName[],
    timestampMs: number,
  ): Promise<readonly (number | undefined)[]>;
}

/** What is to be read of a partition: from an offset up to one that is left out, or on and on. */
export interface PartitionSpan extends PartitionName {
  readonly from: number;
  readonly end: number | undefined;
}

/**
 * Finds the offsets that a range means in each partition. Offsets outside of what is there are
 * moved to its edges. What is read up to "end" ends where the partition ends now.
 */
export async function resolveRange(
  range: OffsetRange,
  partitions: readonly PartitionName[],
  source: OffsetSource,
): Promise<readonly PartitionSpan[]> {
  const bounds = await boundsOf(partitions, source);
  const froms = await resolvePoint(range.from, bounds, source);
  const ends = range.to === undefined ? undefined : await resolvePoint(range.to, bounds, source);
  return partitions.map(({ topic, partition }, index) => ({
    topic,
    partition,
    from: froms[index] ?? 0,
    end: ends?.[index],
  }));
}

interface Bounds extends PartitionName {
  readonly start: number;
  readonly end: number;
}

async function boundsOf(
  partitions: readonly PartitionName[],
  source: OffsetSource,
): Promise<readonly Bounds[]> {
  const starts = await source.startOffsets(partitions);
  const ends = await source.endOffsets(partitions);
  return partitions.map(({ topic, partition }, index) => ({
    topic,
    partition,
    start: starts[index] ?? 0,
    end: ends[index] ?? 0,
  }));
}

async function resolvePoint(
  point: OffsetPoint,
  bounds: readonly Bounds[],
  source: OffsetSource,
): Promise<readonly number[]> {
  if (point.kind !== "timestamp") return bounds.map((one) => offsetIn(one, point));
  const found = await source.offsetsAt(bounds, point.timestampMs);
  return bounds.map(({ end }, index) => found[index] ?? end);
}

function offsetIn(
  { start, end }: Bounds,
  point: Exclude<OffsetPoint, { readonly kind: "timestamp" }>,
): number {
  switch (point.kind) {
    case "start":
      return start;
    case "end":
      return end;
    case "offset":
      return Math.min(Math.max(point.offset, start), end);
    case "fromStart":
      return Math.min(start + point.count, end);
    case "fromEnd":
      return Math.max(end - point.count, start);
  }
}
