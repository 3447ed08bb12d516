/** Gives chance. Seeded in the simulator, so that a seed repeats a run. */
export interface Random {
  /** An integer in [0, endExclusive); `endExclusive` at most 2^48. */
  nextInt(endExclusive: number): number;
  /** A number in [0, 1). */
  nextFloat(): number;
  /** Fresh random bytes, fit for secrets in the real implementation. */
  bytes(sizeBytes: number): Uint8Array;
}
