/** Over what time something is measured: Kafka's samples of a fixed length each. */
export interface SampleWindows {
  /** `quota.window.num`: the sample under way among them. */
  readonly samples: number;
  /** `quota.window.size.seconds`, in milliseconds. */
  readonly windowMs: number;
}

interface Sample {
  startMs: number;
  lastMs: number;
  sum: number;
}

/**
 * What was noted in the last samples, as Kafka's SampledStat keeps it: throttle times are those of
 * Apache Kafka only if the windows begin and end as there.
 */
export class SampledSum {
  readonly #windows: SampleWindows;
  readonly #samples: Sample[] = [];
  #current = 0;

  constructor(windows: SampleWindows) {
    this.#windows = windows;
  }

  /** Adds to the sample under way; less than nothing takes back. */
  record(value: number, nowMs: number): void {
    let sample = this.#samples[this.#current];
    if (sample === undefined || nowMs - sample.startMs >= this.#windows.windowMs) {
      sample = this.#advance(nowMs);
    }
    sample.sum += value;
    sample.lastMs = nowMs;
  }

  /** The sum of what the windows hold. */
  sum(nowMs: number): number {
    this.#purge(nowMs);
    let sum = 0;
    for (const sample of this.#samples) sum += sample.sum;
    return sum;
  }

  /**
   * The time that the sum is over, in milliseconds. Samples that there have not been yet count as
   * empty ones: a burst at the beginning is spread over all of them.
   */
  spanMs(nowMs: number): number {
    this.#purge(nowMs);
    const { samples, windowMs } = this.#windows;
    let oldestMs = nowMs;
    for (const { startMs } of this.#samples) oldestMs = Math.min(oldestMs, startMs);
    const elapsedMs = nowMs - oldestMs;
    const missing = samples - 1 - Math.floor(elapsedMs / windowMs);
    // With a single sample a span may be nothing at all, which no rate can be made of.
    return Math.max(elapsedMs + Math.max(missing, 0) * windowMs, 1);
  }

  /** The sum for each second. */
  perSecond(nowMs: number): number {
    return this.sum(nowMs) / (this.spanMs(nowMs) / 1000);
  }

  #advance(nowMs: number): Sample {
    const fresh = { startMs: nowMs, lastMs: nowMs, sum: 0 };
    // One more than is counted: the oldest still overlaps the time that is looked at.
    const next = (this.#current + 1) % (this.#windows.samples + 1);
    this.#current = this.#samples.length === 0 ? 0 : next;
    this.#samples[this.#current] = fresh;
    return fresh;
  }

  #purge(nowMs: number): void {
    const ageMaxMs = this.#windows.samples * this.#windows.windowMs;
    for (const sample of this.#samples) {
      if (nowMs - sample.lastMs < ageMaxMs) continue;
      sample.startMs = nowMs;
      sample.lastMs = nowMs;
      sample.sum = 0;
    }
  }
}

/**
 * How long to do nothing until a rate is back at its limit; 0 when it is not above it. In
 * milliseconds.
 */
export function throttleMsOf(measured: SampledSum, limit: number, nowMs: number): number {
  const rate = measured.perSecond(nowMs);
  if (rate <= limit) return 0;
  return Math.min(Math.round(((rate - limit) / limit) * measured.spanMs(nowMs)), THROTTLE_MS_MAX);
}

/** What fits into an answer, and into a timer. */
export const THROTTLE_MS_MAX = 2_147_483_647;
