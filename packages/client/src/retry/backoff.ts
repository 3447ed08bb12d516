import type { Random } from "@millrace/platform";

/** How pauses grow. */
export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
}

const multiplier = 2;
const jitter = 0.2;

/**
 * Gives the pause before an attempt: doubled each time up to the longest, ±20 % by chance
 * (KIP-580).
 * @param failures how many attempts have failed before; 0 gives the first pause
 */
export function backoffMs(failures: number, options: BackoffOptions, random: Random): number {
  const { initialMs, maxMs } = options;
  const initial = Math.min(initialMs, maxMs);
  const term = Math.min(initial * multiplier ** Math.min(failures, 50), maxMs);
  // Java spreads before it bounds: the longest pause is never exceeded.
  const spread = 1 - jitter + random.nextFloat() * 2 * jitter;
  return Math.min(term * spread, maxMs);
}
