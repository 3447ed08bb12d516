const bucketsPerDoublingBits = 4;
const bucketsPerDoubling = 2 ** bucketsPerDoublingBits;

/** Powers of two that are told apart: from a microsecond in milliseconds to 16 TiB in bytes. */
const exponentMin = -10;
const exponentMax = 44;
const bucketCount = (exponentMax - exponentMin) * bucketsPerDoubling;

const exponentBias = 1023;
const keyOfSmallest = (exponentMin + exponentBias) << bucketsPerDoublingBits;

const scratchNumber = new Float64Array(1);
const scratchWords = new Uint32Array(scratchNumber.buffer);

/**
 * Counts values in buckets whose width grows with the value: sixteen for each power of two, so a
 * quantile is at most 6.25 % above the truth. The bucket is read off the bits of the number.
 */
export class LogarithmicHistogram {
  readonly #counts = new Uint32Array(bucketCount);
  #count = 0;
  #max = 0;

  /** Counts a value; what is below 2^-10, negative values too, falls into the first bucket. */
  record(value: number): void {
    scratchNumber[0] = value;
    // The high word of a little-endian double: sign, exponent, first 20 bits of the fraction.
    const key = (scratchWords[1] ?? 0) >>> (20 - bucketsPerDoublingBits);
    const index = value > 0 ? Math.min(Math.max(key - keyOfSmallest, 0), bucketCount - 1) : 0;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#count += 1;
    if (value > this.#max) this.#max = value;
  }

  /** How many values were counted. */
  count(): number {
    return this.#count;
  }

  /** A value that `quantile` (0 to 1) of all values do not exceed; 0 when there are none. */
  quantile(quantile: number): number {
    const wanted = Math.max(1, Math.ceil(quantile * this.#count));
    let seen = 0;
    for (let index = 0; index < bucketCount; index += 1) {
      seen += this.#counts[index] ?? 0;
      if (seen >= wanted) return Math.min(endOfBucket(index), this.#max);
    }
    return 0;
  }

  /** The counts of both. */
  mergedWith(other: LogarithmicHistogram): LogarithmicHistogram {
    const merged = new LogarithmicHistogram();
    for (let index = 0; index < bucketCount; index += 1) {
      merged.#counts[index] = (this.#counts[index] ?? 0) + (other.#counts[index] ?? 0);
    }
    merged.#count = this.#count + other.#count;
    merged.#max = Math.max(this.#max, other.#max);
    return merged;
  }

  /** Forgets all values. */
  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#max = 0;
  }
}

function endOfBucket(index: number): number {
  const exponent = exponentMin + Math.floor(index / bucketsPerDoubling);
  const fraction = 1 + ((index % bucketsPerDoubling) + 1) / bucketsPerDoubling;
  return fraction * 2 ** exponent;
}
