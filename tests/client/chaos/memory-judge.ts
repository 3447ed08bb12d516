/** A process's memory at a time. */
export interface MemorySample {
  readonly atMs: number;
  readonly rssBytes: number;
  /** After a collection; buffers included. */
  readonly heapBytes: number;
}

/** Before so many samples nothing can be said. */
const samplesMin = 12;
const mebibyte = 1024 * 1024;
/** What the heap may grow from the middle of the run to its end; caches fill, code is compiled. */
const heapGrowthMax = { share: 0.1, bytes: 3 * mebibyte };
/** RSS holds what the allocator keeps, too. */
const rssGrowthMax = { share: 0.15, bytes: 16 * mebibyte };

/**
 * Says whether memory grew: the median of the last third of the samples against that of the middle
 * third. Undefined when it did not, or when there are too few samples.
 */
export function memoryGrowth(samples: readonly MemorySample[]): string | undefined {
  if (samples.length < samplesMin) return undefined;
  const third = Math.floor(samples.length / 3);
  const middle = samples.slice(third, 2 * third);
  const end = samples.slice(2 * third);
  const growths = [
    growthOf("heap", [middle, end].map(heapMedian), heapGrowthMax),
    growthOf("RSS", [middle, end].map(rssMedian), rssGrowthMax),
  ];
  const told = growths.filter((growth) => growth !== undefined);
  return told.length === 0 ? undefined : told.join("; ");
}

function growthOf(
  what: string,
  [before = 0, after = 0]: readonly number[],
  most: { readonly share: number; readonly bytes: number },
): string | undefined {
  if (after - before <= Math.max(before * most.share, most.bytes)) return undefined;
  return `${what} ${inMebibytes(before)} → ${inMebibytes(after)}`;
}

/** Bytes for people. */
export function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function heapMedian(samples: readonly MemorySample[]): number {
  return median(samples.map(({ heapBytes }) => heapBytes));
}

function rssMedian(samples: readonly MemorySample[]): number {
  return median(samples.map(({ rssBytes }) => rssBytes));
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}
