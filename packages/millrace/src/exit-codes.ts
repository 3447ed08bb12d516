/** What the process ends with; scripts and service managers rely on it. */
export const exitCodes = {
  ok: 0,
  /** It could not start, it failed, or a part of what was asked failed. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** What was named is not there: a topic, a group, a context. */
  notFound: 3,
  /** The cluster did not answer in time. */
  timedOut: 4,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
