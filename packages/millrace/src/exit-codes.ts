/** What the process ends with; scripts and service managers rely on it. */
export const exitCodes = {
  ok: 0,
  /** It could not start, or it stopped because of a fault. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
} as const;
