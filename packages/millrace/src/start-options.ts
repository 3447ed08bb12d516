/** What decides the options that a broker's process is started with. */
export interface StartCircumstances {
  /** The words behind the command's name. */
  readonly words: readonly string[];
  /** How many cores the process may use. */
  readonly coreCount: number;
  /** What Node was started with, NODE_OPTIONS included. */
  readonly given: readonly string[];
}

/**
 * Options of V8 that count only from a process's beginning; empty when it has what it needs.
 *
 * A broker keeps little on its heap and makes much garbage, so a small young generation stays in
 * the processor's cache, keeps each collection below a millisecond, and saves memory: left to
 * itself V8 lets it grow to 128 MB. On a single core, collector threads only hold up the event
 * loop. See docs/decisions/013-process-options-and-polling.md.
 */
export function startOptions(circumstances: StartCircumstances): readonly string[] {
  const { words, coreCount, given } = circumstances;
  const [word = "dev"] = words;
  if (word !== "start" && word !== "dev") return [];
  // Somebody who chooses any of it chooses all of it; this also ends the second beginning.
  if (given.some((option) => /semi-space-size|single-threaded/u.test(option))) return [];
  const young = "--max-semi-space-size=2";
  return coreCount === 1 ? [young, "--single-threaded-gc"] : [young];
}
